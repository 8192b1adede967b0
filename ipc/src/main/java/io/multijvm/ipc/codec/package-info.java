/** How objects become bytes and descriptors, and back. */
@NullMarked
package io.multijvm.ipc.codec;

import org.jspecify.annotations.NullMarked;

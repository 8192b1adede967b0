/** Bytes between processes; starts nothing, knows no tasks. */
@NullMarked
package io.multijvm.ipc;

import org.jspecify.annotations.NullMarked;

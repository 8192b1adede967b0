/** Messages and descriptors between processes over Unix-domain sockets. */
@NullMarked
package io.multijvm.ipc.socket;

import org.jspecify.annotations.NullMarked;

/** Synchronisation between processes on mapped words, safe against the death of whoever holds or waits. */
@NullMarked
package io.multijvm.ipc.sync;

import org.jspecify.annotations.NullMarked;

/** Queues of bytes between processes, on Chronicle Queue: each item goes to exactly one taker, whoever is killed. */
@NullMarked
package io.multijvm.ipc.queue;

import org.jspecify.annotations.NullMarked;

/** Queues between processes. */
@NullMarked
package io.multijvm.queue;

import org.jspecify.annotations.NullMarked;

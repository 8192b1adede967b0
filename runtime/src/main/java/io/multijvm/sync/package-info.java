/** Synchronisers between threads of all processes of a program: locks, semaphores, events, conditions, barriers. */
@NullMarked
package io.multijvm.sync;

import org.jspecify.annotations.NullMarked;

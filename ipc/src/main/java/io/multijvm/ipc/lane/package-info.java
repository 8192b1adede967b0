/**
 * A lane between a process and one of its workers: messages both ways through shared memory, without a system call while both
 * are busy; what the sender has put and the receiver has not begun can be taken back, and what a dead receiver had begun is
 * known.
 */
@NullMarked
package io.multijvm.ipc.lane;

import org.jspecify.annotations.NullMarked;

/** Files that live in memory: the run directory of a family of processes. */
@NullMarked
package io.multijvm.ipc.memory;

import org.jspecify.annotations.NullMarked;

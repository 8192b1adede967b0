/** Pools of worker JVMs. Python: {@code multiprocessing.pool}. */
@NullMarked
package io.multijvm.pool;

import org.jspecify.annotations.NullMarked;

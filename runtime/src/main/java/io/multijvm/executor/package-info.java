/** The JDK's executor, whose threads are JVMs. Python: {@code concurrent.futures}. */
@NullMarked
package io.multijvm.executor;

import org.jspecify.annotations.NullMarked;

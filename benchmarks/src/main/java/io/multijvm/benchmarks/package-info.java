/** How fast this is: side by side with CPython, and by JMH. */
@NullMarked
package io.multijvm.benchmarks;

import org.jspecify.annotations.NullMarked;

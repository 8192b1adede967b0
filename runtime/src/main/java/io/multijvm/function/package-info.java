/** The JDK's functional interfaces, for functions that run in another process than the one that has them. */
@NullMarked
package io.multijvm.function;

import org.jspecify.annotations.NullMarked;

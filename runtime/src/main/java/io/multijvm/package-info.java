/** Python's multiprocessing for the JVM: the same nouns, over operating-system processes that run JVMs. */
@NullMarked
package io.multijvm;

import org.jspecify.annotations.NullMarked;

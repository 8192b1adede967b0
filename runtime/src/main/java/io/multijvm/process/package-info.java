/** Processes: starting them, what they are told, how they end. */
@NullMarked
package io.multijvm.process;

import org.jspecify.annotations.NullMarked;

/** The command line {@code scripts/multijvm}. */
@NullMarked
package io.multijvm.samples.cli;

import org.jspecify.annotations.NullMarked;

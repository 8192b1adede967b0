/** Measures what each test costs. */
@NullMarked
package io.multijvm.testkit.meter;

import org.jspecify.annotations.NullMarked;

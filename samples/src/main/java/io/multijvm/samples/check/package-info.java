/** What each sample must be seen to do, said once, for {@code samples --check} and for the tests. */
@NullMarked
package io.multijvm.samples.check;

import org.jspecify.annotations.NullMarked;

/** The programs of the multiprocessing documents, one file each; {@link Catalog} lists them. */
@NullMarked
package io.multijvm.samples;

import org.jspecify.annotations.NullMarked;

/** Memory that processes share: values, arrays, named blocks and lists. */
@NullMarked
package io.multijvm.shared;

import org.jspecify.annotations.NullMarked;

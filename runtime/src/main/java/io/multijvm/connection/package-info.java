/** Pipes and connections between processes. */
@NullMarked
package io.multijvm.connection;

import org.jspecify.annotations.NullMarked;

/** Objects that live in a server process and are used from any other. */
@NullMarked
package io.multijvm.manager;

import org.jspecify.annotations.NullMarked;

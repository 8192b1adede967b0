/** Child JVMs: start, hand-shake, exit; knows no payload. */
@NullMarked
package io.multijvm.launcher;

import org.jspecify.annotations.NullMarked;

/** The state of a program, copied into another JVM: object graphs field by field, static fields. */
@NullMarked
package io.multijvm.ipc.snapshot;

import org.jspecify.annotations.NullMarked;

/** The operating system: every system call goes through here, and whatever is Linux-only stays here. */
@NullMarked
package io.multijvm.ipc.os;

import org.jspecify.annotations.NullMarked;

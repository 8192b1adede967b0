/** What the tests of every module share: tags, a leak guard, a watchdog and JVMs of their own. */
@NullMarked
package io.multijvm.testkit;

import org.jspecify.annotations.NullMarked;

package io.multijvm.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Shows again, with another start method or by another way in, what other tests show; only {@code scripts/test --full}
 * runs it. Of a contract, the tests marked {@link EveryStartMethod} run nevertheless.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("full")
public @interface FullOnly {}

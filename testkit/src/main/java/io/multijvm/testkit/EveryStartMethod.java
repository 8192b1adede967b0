package io.multijvm.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** In a contract, a test whose outcome depends on how a process is started, so that it runs with every start method. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag("every-start-method")
public @interface EveryStartMethod {}

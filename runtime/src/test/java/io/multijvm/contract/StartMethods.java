package io.multijvm.contract;

import io.multijvm.StartMethod;
import io.multijvm.testkit.Rounds;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * The start methods that a parameterised test runs with. A behaviour that a start method cannot change is shown with one
 * of them, and with {@code scripts/test --full} with the others as well.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(StartMethods.Source.class)
public @interface StartMethods {
    /** The start methods of every run. */
    StartMethod[] value();

    /** The start methods of a full run. */
    StartMethod[] full() default {StartMethod.SPAWN, StartMethod.FORKSERVER, StartMethod.FORK};

    /** The arguments of the test. */
    final class Source implements ArgumentsProvider, AnnotationConsumer<StartMethods> {
        private StartMethod[] methods = {};

        @Override
        public void accept(StartMethods annotation) {
            methods = Rounds.of(annotation.value(), annotation.full());
        }

        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            return Stream.of(methods).map(Arguments::of);
        }
    }
}

package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.testkit.JdkTest;
import java.io.FileNotFoundException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@JdkTest
final class LambdaCallTest {
    private static final ClassLoader LOADER = LambdaCallTest.class.getClassLoader();
    /** What the bodies did; they run in this JVM. */
    private static final List<String> LOG = new ArrayList<>();

    @BeforeEach
    void clearLog() {
        LOG.clear();
    }

    @Test
    void call_lambdaWithoutCaptures_runsItsBody() throws Throwable {
        call(() -> LOG.add("plain"));

        assertThat(LOG).containsExactly("plain");
    }

    @Test
    void call_primitivesOfEveryType_areHandedOver() throws Throwable {
        boolean z = true;
        byte b = -1;
        short s = -2;
        char c = 'c';
        int i = Integer.MIN_VALUE;
        long j = Long.MAX_VALUE;
        float f = 1.5f;
        double d = -0.0;

        call(() -> LOG.add(z + " " + b + " " + s + " " + c + " " + i + " " + j + " " + f + " " + d));

        assertThat(LOG).containsExactly("true -1 -2 c -2147483648 9223372036854775807 1.5 -0.0");
    }

    @Test
    void call_objectsArraysAndNull_areHandedOver() throws Throwable {
        String text = "text";
        int[] numbers = {1, 2};
        List<String> none = null;
        Object[][] nested = {{1}, {}};

        call(() -> LOG.add(text + numbers.length + none + nested[0][0]));

        assertThat(LOG).containsExactly("text2null1");
    }

    @Test
    void call_capturedThis_reachesPrivateFieldsAndMethods() throws Throwable {
        call(new Greeter("hello").greeting("bob"));

        assertThat(LOG).containsExactly("hello bob");
    }

    @Test
    void call_staticMethodReference_runsIt() throws Throwable {
        call(LambdaCallTest::log);

        assertThat(LOG).containsExactly("static");
    }

    @Test
    void call_privateStaticMethodReference_runsIt() throws Throwable {
        call(Greeter.quietly());

        assertThat(LOG).containsExactly("private static");
    }

    @Test
    void call_boundMethodReference_runsItOnItsReceiver() throws Throwable {
        call(new Greeter("bound")::greetAll);

        assertThat(LOG).containsExactly("bound all");
    }

    @Test
    void call_boundPrivateMethodReference_runsIt() throws Throwable {
        call(new Greeter("x").privately());

        assertThat(LOG).containsExactly("private x");
    }

    @Test
    void call_inheritedMethods_areFound() throws Throwable {
        var polite = new PoliteGreeter();
        call(polite::greetAll);
        call(polite::greetTwice);
        call(polite::fromInterface);
        Greeter asSuper = polite;
        call(asSuper::greetAll);

        assertThat(LOG)
                .as("overridden, inherited, the interface's default, overridden through the superclass")
                .containsExactly("dear all", "dear all", "dear all", "default dear", "dear all");
    }

    @Test
    void call_methodOfAnInterface_isDispatched() throws Throwable {
        Named named = new PoliteGreeter();
        call(named::fromInterface);
        call(Named.ofInterface("argument"));

        assertThat(LOG).containsExactly("default dear", "interface lambda argument");
    }

    @Test
    void call_superMethod_isTheSuperclasssOwn() throws Throwable {
        call(new PoliteGreeter().plainly());

        assertThat(LOG).containsExactly("plain all");
    }

    @Test
    void call_methodOfTheJdk_isReached() throws Throwable {
        var text = new StringBuilder("abc");
        call(text::reverse);

        assertThat(text).hasToString("cba");
    }

    @Test
    void call_nestedLambda_runs() throws Throwable {
        Body inner = () -> LOG.add("inner");
        call(() -> {
            LOG.add("outer");
            inner.run();
        });

        assertThat(LOG).containsExactly("outer", "inner");
    }

    @Test
    void call_bodyThrows_throwsTheSame() {
        var failure = new FileNotFoundException("checked");
        Body checked = () -> {
            throw failure;
        };
        Body error = () -> {
            throw new StackOverflowError("error");
        };

        assertThatThrownBy(() -> call(checked)).isSameAs(failure);
        assertThatThrownBy(() -> call(error))
                .isInstanceOf(StackOverflowError.class)
                .hasMessage("error");
    }

    @Test
    void of_unboundReferenceAndParameters_areTakenApartToo() throws Throwable {
        LambdaCall call = LambdaCall.of((UnaryOperator<String> & Serializable) String::trim);

        assertThat(call.owner()).isEqualTo("java.lang.String");
        assertThat(call.method()).isEqualTo("trim");
        assertThat(call.descriptor()).isEqualTo("()Ljava/lang/String;");
        assertThat(call.captured()).isEmpty();
    }

    @Test
    void of_whatIsNoSerialisableLambda_isNull() {
        Runnable notSerializable = () -> LOG.add("no");

        assertThat(LambdaCall.of("text")).isNull();
        assertThat(LambdaCall.of(notSerializable)).isNull();
        assertThat(LambdaCall.of(new Body() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public void run() {}
                }))
                .isNull();
    }

    @Test
    void of_constructorReference_isLeftToTheJdk() {
        assertThat(LambdaCall.of((Body) Greeter::new)).isNull();
    }

    @Test
    void prepare_classNotThere_isRefused() {
        LambdaCall call = LambdaCall.of((Body) LambdaCallTest::log);
        var bare = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader());

        assertThatThrownBy(() -> call.prepare(bare))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining(LambdaCallTest.class.getName());
    }

    @Test
    void prepare_methodNotThere_namesIt() {
        var call = new LambdaCall(LambdaCallTest.class.getName(), "gone", "()V", new Object[0]);

        assertThatThrownBy(() -> call.prepare(LOADER))
                .isInstanceOf(NoSuchMethodException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void call_nameUsedOtherwiseInASubclass_callsTheInheritedMethod() throws Throwable {
        // A newer compiler names the receiver's class as the owner, an older one the class that declares the method.
        var call = new LambdaCall(Overloading.class.getName(), "greetAll", "()V", new Object[] {new Overloading()});

        call.prepare(LOADER).call();

        assertThat(LOG).containsExactly("overloading all");
    }

    @Test
    void with_otherVariables_callsTheSameBody() throws Throwable {
        String first = "first";
        Body body = () -> LOG.add(first);
        LambdaCall call = LambdaCall.of(body);

        call.with(new Object[] {"second"}).prepare(LOADER).call();

        assertThat(LOG).containsExactly("second");
    }

    @Test
    void call_otherMethodsNeedAClassThatIsNotThere_runs() throws Throwable {
        LambdaCall isStatic = LambdaCall.of((Body) Incomplete::run);
        LambdaCall bound = LambdaCall.of((Body) new Incomplete()::runBound);
        LambdaCall throwing = LambdaCall.of((Body) Incomplete::fail);
        try (var loader = new WithoutMissing()) {
            Object receiver = loader.loadClass(Incomplete.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();

            isStatic.prepare(loader).call();
            bound.with(new Object[] {receiver}).prepare(loader).call();
            assertThatThrownBy(() -> throwing.prepare(loader).call()).hasMessage("as it is");
        }

        assertThat(System.clearProperty("incomplete.static")).isEqualTo("ran");
        assertThat(System.clearProperty("incomplete.bound")).isEqualTo("ran");
    }

    private static void log() {
        LOG.add("static");
    }

    /** Takes {@code body} apart, sends the captured variables through the codec, and makes the call. */
    private static void call(Body body) throws Throwable {
        LambdaCall call = LambdaCall.of(body);
        assertThat(call).isNotNull();
        call.prepare(LOADER).call();
    }

    interface Body extends Serializable {
        void run() throws Exception;
    }

    interface Named {
        String name();

        default void fromInterface() {
            LOG.add("default " + name());
        }

        static Body ofInterface(String argument) {
            return () -> LOG.add("interface lambda " + argument);
        }
    }

    static class Greeter {
        private final String word;

        Greeter() {
            this("default");
        }

        Greeter(String word) {
            this.word = word;
        }

        Body greeting(String whom) {
            return () -> LOG.add(join(whom));
        }

        Body privately() {
            return this::secret;
        }

        static Body quietly() {
            return Greeter::hidden;
        }

        void greetAll() {
            LOG.add(word + " all");
        }

        void greetTwice() {
            greetAll();
            greetAll();
        }

        private String join(String whom) {
            return word + " " + whom;
        }

        private void secret() {
            LOG.add("private " + word);
        }

        private static void hidden() {
            LOG.add("private static");
        }
    }

    static final class Overloading extends Greeter {
        Overloading() {
            super("overloading");
        }

        @SuppressWarnings("unused") // is in the way
        void greetAll(String whom) {
            LOG.add("wrong " + whom);
        }
    }

    static final class Missing {}

    public static final class Incomplete {
        public Incomplete() {}

        static void run() {
            System.setProperty("incomplete.static", "ran");
        }

        void runBound() {
            System.setProperty("incomplete.bound", "ran");
        }

        static void fail() {
            throw new IllegalStateException("as it is");
        }

        @SuppressWarnings("unused") // is in the way
        private static Missing needsMore(Missing missing) {
            return missing;
        }
    }

    /** Has this test's classes for itself, without {@link Missing}. */
    private static final class WithoutMissing extends URLClassLoader {
        WithoutMissing() {
            super(
                    new URL[] {
                        LambdaCallTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals(Missing.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    static final class PoliteGreeter extends Greeter implements Named {
        PoliteGreeter() {
            super("plain");
        }

        @Override
        public String name() {
            return "dear";
        }

        @Override
        void greetAll() {
            LOG.add("dear all");
        }

        Body plainly() {
            return super::greetAll;
        }
    }
}

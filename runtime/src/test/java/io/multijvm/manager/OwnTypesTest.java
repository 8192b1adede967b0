package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.MultiJvm;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Types of a program's own, used by interface. */
@ForkTest
final class OwnTypesTest {
    private static Manager manager;

    @BeforeAll
    static void start() {
        manager = MultiJvm.manager().register(Mailbox.class, Mailbox.InMemory.class);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void create_liveInTheServer_argumentsChooseTheConstructor() throws Exception {
        Mailbox empty = manager.create(Mailbox.class);
        Mailbox full = manager.create(Mailbox.class, "hello", 2);

        assertThat(empty.pid()).isEqualTo(manager.process().orElseThrow().pid());
        assertThat(full.take()).isEqualTo("hello");
        assertThat(full).isNotEqualTo(empty).hasSameHashCodeAs(full);
        assertThat(full.toString()).contains("InMemory@");
        assertThatIllegalArgumentException().isThrownBy(() -> manager.create(Mailbox.class, 1, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.create(Runnable.class))
                .withMessageContaining("java.lang.Runnable is not registered");
    }

    @Test
    void methods_returnProxies_ofRegisteredTypesAndOfThemselves() {
        Mailbox outer = manager.create(Mailbox.class);
        Mailbox inner = outer.inner();

        assertThat(outer.itself()).isSameAs(outer);
        assertThat(outer.inner()).isSameAs(inner);
        assertThat(outer.isInner(inner)).isTrue();
    }

    @Test
    void iterator_staysInTheServer() {
        Iterator<Integer> numbers = manager.create(Mailbox.class).numbers(3);

        assertThat(numbers.next()).isZero();
        assertThat(numbers.hasNext()).isTrue();
        assertThat(numbers.next()).isEqualTo(1);
        assertThat(numbers.next()).isEqualTo(2);
        assertThat(numbers.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(numbers::next);
    }

    @Test
    void exception_arrivesAsItIs_withBothStacks() {
        Mailbox mailbox = manager.create(Mailbox.class);

        assertThatExceptionOfType(Mailbox.UserException.class)
                .isThrownBy(() -> mailbox.fail("no luck"))
                .withMessage("no luck")
                .satisfies(thrown -> {
                    assertThat(thrown.getStackTrace()[0].getClassName()).isEqualTo(Mailbox.InMemory.class.getName());
                    assertThat(thrown.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().startsWith(OwnTypesTest.class.getName()));
                });
    }

    @Test
    void result_unsendable_saysWhat() {
        assertThatExceptionOfType(NotSendableException.class)
                .isThrownBy(() -> manager.create(Mailbox.class).unsendable())
                .withMessageContaining("java.lang.Object");
    }

    @Test
    void argument_unsendable_saysWhat_andTheConnectionGoesOn() {
        ManagedList<Object> list = manager.list();

        assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> list.add(new Object()));
        assertThat(list.add("a")).isTrue();
        assertThat(list).containsExactly("a");
    }

    @Test
    @Conforms("_TestMyManager.test_mymanager_context")
    void method_notExposed_isRefused() {
        try (Manager strict = MultiJvm.manager(ManagerOptions.defaults()
                .register(Mailbox.class, arguments -> new Mailbox.InMemory(), "put", "take"))) {
            Mailbox mailbox = strict.create(Mailbox.class);
            mailbox.put("a");

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(mailbox::waiting)
                    .withMessageContaining("waiting of io.multijvm.manager.Mailbox is not exposed");
        }
    }

    @Test
    void register_noInterfaceOrUnknownMethod_isRefusedHere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.register(String.class, arguments -> "a"))
                .withMessageContaining("no interface");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.register(Runnable.class, arguments -> null, "walk"))
                .withMessageContaining("no method walk");
    }

    @Test
    void proxy_inAChild_isTheSameObject() throws Exception {
        Mailbox mailbox = manager.create(Mailbox.class);
        var child = MultiJvm.process(() -> mailbox.put("from the child"));
        child.start();

        assertThat(mailbox.take()).isEqualTo("from the child");
        child.joinOrThrow();
    }
}

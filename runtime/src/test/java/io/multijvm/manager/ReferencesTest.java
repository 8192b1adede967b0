package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Pipe;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long objects live, and by which ways they go. */
@ForkTest
final class ReferencesTest extends ProcessParties {
    private Manager manager;
    private Mailbox server; // has the server collect its garbage

    ReferencesTest() {
        super(StartMethod.FORKSERVER);
    }

    @BeforeEach
    void start() {
        manager = MultiJvm.manager().register(Mailbox.class, Mailbox.InMemory.class);
        server = manager.create(Mailbox.class);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Waits until the server has that many objects, garbage being collected on both sides. */
    private void awaitObjects(int count) {
        Waits.until(() -> {
            System.gc();
            server.collectGarbage();
            return manager.numberOfObjects() == count;
        });
    }

    private int objects() {
        System.gc();
        server.collectGarbage();
        return manager.numberOfObjects();
    }

    @Test
    void object_lives_asLongAsSomebodyRefersToIt() {
        int before = objects();
        ManagedMap<String, Object> outer = manager.dict();
        outer.put("inner", manager.list(List.of(1, 2)));
        awaitObjects(before + 2);

        @SuppressWarnings("unchecked")
        var inner = (ManagedList<Integer>) Objects.requireNonNull(outer.get("inner"));
        outer.clear();
        awaitObjects(before + 2);
        assertThat(inner).containsExactly(1, 2);
    }

    @Test
    void objects_goneWithTheirProxies_cyclesIncluded() {
        int before = objects();
        for (int i = 0; i < 20; i++) {
            ManagedMap<String, Object> one = manager.dict();
            ManagedMap<String, Object> other = manager.dict();
            one.put("other", other);
            other.put("one", one);
        }
        Waits.until(() -> objects() <= before);
    }

    @Test
    void sameObject_isOneProxy_inAProcess() {
        ManagedList<Object> outer = manager.list();
        ManagedList<Object> inner = manager.list();
        outer.add(inner);
        outer.add(inner);

        assertThat(outer.get(0)).isSameAs(inner).isSameAs(outer.copy().get(1));
    }

    @Test
    @Conforms("_TestContainers.test_dict_proxy_nested")
    void proxyPutAway_staysUsable_throughItsContainer() {
        ManagedMap<String, Object> pets = manager.dict();
        pets.put("ferrets", manager.dict(Map.of("weasels", 2)));
        int before = objects();

        assertThat(objects()).isEqualTo(before);
        assertThat((Map<?, ?>) pets.get("ferrets")).isEqualTo(Map.of("weasels", 2));
    }

    @Test
    void queuedProxy_livesUntilItIsTaken_thoughItsSenderHasEnded() throws Exception {
        ProcessQueue<ManagedList<Integer>> queue = MultiJvm.queue();
        Manager shared = manager;
        started(() -> queue.put(shared.list(List.of(1, 2, 3)))).joinOrThrow();
        server.collectGarbage();

        assertThat(queue.take()).containsExactly(1, 2, 3);
    }

    @Test
    void proxy_throughAPipe_andBack_isTheSame() throws Exception {
        ManagedList<String> list = manager.list();
        try (Pipe pipe = MultiJvm.pipe()) {
            var far = pipe.second();
            JvmProcess child = started(() -> {
                @SuppressWarnings("unchecked")
                ManagedList<String> received = far.recv(ManagedList.class);
                received.add("seen");
                far.send(received);
            });
            pipe.first().send(list);
            assertThat(pipe.first().recv()).isSameAs(list);
            child.joinOrThrow();
        }
        assertThat(list).containsExactly("seen");
    }

    @Test
    void objectOfOneManager_inAnother_isUsedThere() throws Exception {
        try (Manager other = MultiJvm.manager(ManagerOptions.defaults().authkey(new byte[] {1, 2, 3}))) {
            ManagedList<Integer> list = manager.list(List.of(1));
            ManagedMap<String, ManagedList<Integer>> dict = other.dict();
            dict.put("list", list);
            dict.computeIfPresent("list", (key, value) -> {
                value.add(2); // from the other manager's process
                return value;
            });
            assertThat(list).containsExactly(1, 2);
            assertThat(dict.get("list")).isSameAs(list);

            JvmProcess child =
                    started(() -> Objects.requireNonNull(dict.get("list")).add(3));
            child.joinOrThrow(); // knows the other manager's key from its family
            assertThat(list).containsExactly(1, 2, 3);
        }
    }

    @Test
    void deadClient_dropsItsReferences() throws Exception {
        int before = objects();
        Manager shared = manager;
        JvmProcess child = after(() -> {
            var kept = new ArrayList<Object>();
            for (int i = 0; i < 10; i++) {
                kept.add(shared.dict());
            }
            KEPT.addAll(kept);
        });
        assertThat(objects()).isGreaterThanOrEqualTo(before + 10);
        child.kill();

        Waits.until(() -> objects() <= before);
    }

    private static final List<Object> KEPT = new ArrayList<>();

    @Test
    void proxyOfNothing_saysSo() {
        Remote gone = new Remote(((AbstractProxy<?>) manager.list()).remote().server(), 1_000_000, Kind.LIST, "", null);

        assertThatExceptionOfType(ObjectGoneException.class)
                .isThrownBy(() -> new ManagedList<Integer>(gone).size())
                .withMessageContaining("no object 1000000");
        ManagedList<Object> list = manager.list();
        assertThatExceptionOfType(ObjectGoneException.class).isThrownBy(() -> list.add(gone.proxy()));
    }
}

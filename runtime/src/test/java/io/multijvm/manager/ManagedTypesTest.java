package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.JdkTest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lists, sets, namespaces, values and arrays have beside the JDK's contracts; in a server in this process. */
@JdkTest
final class ManagedTypesTest {
    private ManagerServer server;
    private Manager manager;

    @BeforeEach
    void serve() throws Exception {
        server = ManagerServer.open(ManagerOptions.defaults());
        manager = server.manager();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void list_partsAndFunctions() {
        ManagedList<Integer> list = manager.list(List.of(5, 3, 1, 4, 2));
        list.subList(1, 4).sort(null);
        assertThat(list).containsExactly(5, 1, 3, 4, 2);
        list.subList(0, 2).clear();
        assertThat(list.copy()).containsExactly(3, 4, 2);
        int captured = 3;
        assertThat(list.removeIf(each -> each == captured)).isTrue();
        list.replaceAll(each -> each * 10);
        list.sort(Comparator.reverseOrder());
        assertThat(list).containsExactly(40, 20);
        assertThat(list.removeLast()).isEqualTo(20);
        assertThat(list.removeFirst()).isEqualTo(40);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(list::removeLast);
    }

    @Test
    @Conforms("_TestContainers.test_list_iter")
    void iterator_seesWhatIsAppended_andStaysExhausted() {
        ManagedList<Integer> list = manager.list(List.of(1, 2));
        var elements = list.iterator();
        list.set(0, 10);
        assertThat(elements.next()).isEqualTo(10);
        list.add(3);
        assertThat(elements.next()).isEqualTo(2);
        assertThat(elements.next()).isEqualTo(3);
        assertThat(elements.hasNext()).isFalse();
        list.add(4);
        assertThat(elements.hasNext()).isFalse();
    }

    @Test
    @Conforms("_TestContainers.test_namespace")
    void namespace_underscoreStaysHere() {
        Namespace namespace = manager.namespace();
        namespace.set("name", "Bob");
        namespace.set("job", "Builder");
        namespace.set("_hidden", "hidden");

        assertThat(namespace.get("name")).isEqualTo("Bob");
        assertThat(namespace.get("_hidden", String.class)).isEqualTo("hidden");
        assertThat(namespace.remove("job")).isEqualTo("Builder");
        assertThat(namespace).hasToString("Namespace(name='Bob')");
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> namespace.get("job"));
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_array")
    void array_fixedLengthAndType() {
        ManagedArray<Integer> array = manager.array('i', List.of(1, 2, 3));
        array.set(1, 20);
        array.setSlice(2, List.of(30));

        assertThat(array).containsExactly(1, 20, 30);
        assertThat(array.length()).isEqualTo(3);
        assertThat(array.slice(1, 3)).containsExactly(20, 30);
        assertThat(array).hasToString("array('i', [1, 20, 30])");
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> array.get(3));
        assertThatIllegalArgumentException().isThrownBy(() -> manager.array('b', List.of(1000)));
    }

    @Test
    void value_typedAndAny() {
        ManagedValue<Integer> value = manager.value('b', 1);
        value.set(127);
        assertThatIllegalArgumentException().isThrownBy(() -> value.set(128));
        assertThat(value.updateAndGet(old -> old - 1)).isEqualTo(126);
        assertThat(value.getAndUpdate(old -> old - 1)).isEqualTo(126);
        assertThat(value.compareAndSet(125, 5)).isTrue();
        assertThat(value.getAndSet(6)).isEqualTo(5);
        assertThat(manager.value(List.of("a")).get()).containsExactly("a");
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_set_init")
    void set_ofAnyCollection() {
        assertThat(manager.set(Map.of("a", 1).keySet())).containsExactly("a");
        ManagedSet<Integer> set = manager.set(List.of(3, 1, 3));
        assertThat(set).containsExactly(3, 1).isEqualTo(java.util.Set.of(1, 3));
        assertThat(set.removeIf(each -> each == 3)).isTrue();
        assertThat(set.removeFirst()).isEqualTo(1);
        assertThat(set).isEmpty();
    }

    @Test
    @Conforms("_TestContainers.test_dict_proxy_nested")
    @SuppressWarnings("unchecked")
    void nested_sameObjectByEveryPath_copiesOfPlainValues() {
        ManagedMap<String, Object> outer = manager.dict();
        ManagedMap<String, Integer> inner = manager.dict(Map.of("a", 1));
        outer.put("inner", inner);
        outer.put("again", inner);
        outer.put("plain", new java.util.ArrayList<>(List.of(1)));
        inner.put("b", 2);

        assertThat(outer.get("inner")).isEqualTo(inner).isEqualTo(Map.of("a", 1, "b", 2));
        outer.computeIfPresent("again", (key, value) -> {
            ((ManagedMap<String, Integer>) value).put("c", 3);
            return value;
        });
        assertThat(inner).containsEntry("c", 3);
        assertThat(outer.get("plain")).isInstanceOf(java.util.ArrayList.class);
    }

    @Test
    void dict_nonSerialisableFunctionRunsHere() {
        ManagedMap<String, Integer> dict = manager.dict();
        java.util.concurrent.ConcurrentMap<String, Integer> map = dict;
        var calls = new java.util.concurrent.atomic.AtomicInteger();
        map.merge("a", 1, (left, right) -> left + right);
        map.merge("a", 1, (left, right) -> {
            calls.incrementAndGet();
            return left + right;
        });
        map.compute("a", (key, value) -> value + 1);
        map.computeIfAbsent("b", key -> 7);
        map.computeIfPresent("b", (key, value) -> null);
        map.replaceAll((key, value) -> value * 2);

        assertThat(calls).hasValue(1);
        assertThat(dict).containsExactly(Map.entry("a", 6));
    }
}

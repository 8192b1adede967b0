package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.ManagedList;
import io.multijvm.manager.ManagedMap;
import io.multijvm.manager.Manager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dict and a list that live in a server process: what a child does to them its parent sees.
 *
 * <p>Expect: three entries in the order in which the child has put them, with keys of three types and one value that is null;
 * a list with what the child has appended. A list inside of the dict is the same list by either way, a plain one is a copy.
 */
public final class ManagerDictList {
    private ManagerDictList() {}

    @SuppressWarnings("NullAway") // it does not see that null is a value here
    public static void main(String[] args) throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            ManagedMap<Object, @Nullable Object> dict = manager.dict();
            ManagedList<Object> list = manager.list();

            var child = MultiJvm.process(() -> {
                dict.put(1, "1");
                dict.put("2", 2);
                dict.put(0.25, null);
                list.add(666);
            });
            child.start();
            child.joinOrThrow();

            System.out.println("dict: " + dict);
            System.out.println("list: " + list);
            nest(dict, list);
        }
    }

    private static void nest(ManagedMap<Object, @Nullable Object> dict, ManagedList<Object> list) {
        dict.put("list", list);
        list.add("appended later");
        System.out.println("the managed list in the dict: " + dict.get("list"));

        dict.put("plain", List.of(1, 2));
        Object copy = dict.get("plain");
        Object another = dict.get("plain");
        System.out.println("the plain list in the dict: " + copy + ", each time another copy: " + (copy != another));
    }
}

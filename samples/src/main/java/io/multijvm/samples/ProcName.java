package io.multijvm.samples;

import io.multijvm.MultiJvm;

/**
 * Names and identities: a name that was set before {@code start()} is what the child calls itself.
 *
 * <p>Expect: the child named "number one" says so; processes without a name are counted ({@code …-2}, {@code …-3});
 * the child of a child has an identity of two parts, its creator's and its own count.
 */
public final class ProcName {
    private ProcName() {}

    public static void main(String[] args) throws Exception {
        var named = MultiJvm.process(() -> sayName("named"));
        named.name("number one");
        named.start();
        named.join();

        var second = MultiJvm.process(() -> sayName("by default"));
        second.start();
        second.join();

        var third = MultiJvm.process(ProcName::startGrandchild);
        third.start();
        third.join();
        System.out.println("the parent calls them: " + named.name() + ", " + second.name() + ", " + third.name());
    }

    private static void startGrandchild() throws InterruptedException {
        sayName("by default");
        var grandchild = MultiJvm.process(() -> sayName("grandchild"));
        grandchild.start();
        grandchild.join();
    }

    private static void sayName(String who) {
        var self = MultiJvm.currentProcess();
        System.out.println(who + ": I am " + self.name() + " with identity " + self.identity());
    }
}

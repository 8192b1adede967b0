package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;

/**
 * A daemon ends with the parent's main code, even while the parent still waits for a child that is no daemon.
 *
 * <p>Expect: 123 and 456 begin, main's line, then "end456" once bar has seen foo go; "end123" never comes.
 */
public final class ProcDaemonMixed {
    private ProcDaemonMixed() {}

    public static void main(String[] args) throws Exception {
        var allBegin = MultiJvm.barrier(3);
        var foo = MultiJvm.process("foo", () -> foo(allBegin)).daemon(true);
        foo.start();
        long fooPid = foo.pid();
        var bar = MultiJvm.process("bar", () -> bar(fooPid, allBegin));
        bar.start();
        allBegin.await();
        System.out.println("main------- daemon " + fooPid + " is alive: " + foo.isAlive());
    }

    private static void foo(ProcessBarrier allBegin) throws Exception {
        System.out.println("123");
        allBegin.await();
        Work.pretend(Duration.ofMinutes(1));
        System.out.println("end123");
    }

    private static void bar(long fooPid, ProcessBarrier allBegin) throws Exception {
        System.out.println("456");
        allBegin.await();
        while (ProcessHandle.of(fooPid).map(ProcessHandle::isAlive).orElse(false)) {
            Work.pretend(Duration.ofMillis(20));
        }
        System.out.println("bar: the daemon has ended, I go on");
        Work.pretend(Duration.ofMillis(200));
        System.out.println("end456");
    }
}

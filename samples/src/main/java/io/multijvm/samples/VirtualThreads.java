package io.multijvm.samples;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread for each task: virtual ones where the running JDK has them (21 and newer), else the operating system's. */
final class VirtualThreads {
    private static final String FACTORY = "newVirtualThreadPerTaskExecutor";

    private VirtualThreads() {}

    /** Whether the running JDK has them. */
    static boolean areThere() {
        return Runtime.version().feature() >= 21;
    }

    /** As {@code Executors.newVirtualThreadPerTaskExecutor()}, which these samples, made for 17, cannot name. */
    static ExecutorService executor() {
        if (!areThere()) {
            return Executors.newCachedThreadPool();
        }
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(Executors.class, FACTORY, MethodType.methodType(ExecutorService.class))
                    .invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("no " + FACTORY + " in Java " + Runtime.version(), e);
        }
    }
}

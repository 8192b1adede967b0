package io.multijvm.samples;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One instance for all threads: how it goes wrong, and two ways that are right.
 *
 * <p>Expect: looking whether there is an instance and making one are two steps, and ten threads that look before the first
 * has made one get ten. Looking again under a lock gives one, and so does a class that holds it, which the JVM initialises
 * once and when it is needed.
 */
public final class Singleton {
    private static final int THREADS = 10;

    private Singleton() {}

    public static void main(String[] args) throws Exception {
        System.out.println("instances without a lock: " + instances(Broken::instance));
        System.out.println("instances with a double check: " + instances(DoubleChecked::instance));
        System.out.println("instances with a holder: " + instances(Held::instance));
    }

    /** How many different objects ten threads are given that ask at the same time. */
    private static int instances(Supplier<Object> singleton) throws InterruptedException, ExecutionException {
        Set<Object> different = Collections.newSetFromMap(new IdentityHashMap<>());
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Object> instance : threads.invokeAll(Stream.generate(() -> singleton)
                    .limit(THREADS)
                    .map(s -> (Callable<Object>) s::get)
                    .toList())) {
                different.add(instance.get());
            }
        } finally {
            threads.shutdown();
        }
        return different.size();
    }

    private static final class Broken {
        private static final CountDownLatch LOOKING = new CountDownLatch(THREADS);

        private static volatile @Nullable Broken instance;

        static Broken instance() {
            var found = instance;
            if (found == null) {
                slow(LOOKING);
                found = new Broken();
                instance = found;
            }
            return found;
        }
    }

    private static final class DoubleChecked {
        private static final CountDownLatch LOOKING = new CountDownLatch(THREADS);

        private static volatile @Nullable DoubleChecked instance; // volatile: who finds it, finds all of it

        static DoubleChecked instance() {
            var found = instance;
            if (found != null) {
                return found; // without a lock, from the second time on
            }
            slow(LOOKING);
            synchronized (DoubleChecked.class) {
                found = instance;
                if (found == null) {
                    found = new DoubleChecked();
                    instance = found;
                }
                return found;
            }
        }
    }

    private static final class Held {
        /** Initialised by the first that asks, while the others wait. */
        private static final class Holder {
            static final Held INSTANCE = new Held();
        }

        static Held instance() {
            return Holder.INSTANCE;
        }
    }

    /** Stands for a constructor that takes its time: nobody has an instance before all have looked for one. */
    private static void slow(CountDownLatch looking) {
        looking.countDown();
        try {
            if (!looking.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all threads have looked, missing: " + looking.getCount());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

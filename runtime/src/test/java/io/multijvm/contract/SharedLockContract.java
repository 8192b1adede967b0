package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every lock between its parties, wherever they run. */
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
public interface SharedLockContract {
    Workers workers();

    /** A new lock, free. */
    Lock newLock();

    /** How to see whether a lock is held. */
    Probe probe();

    /** Whether anybody holds a lock, asked in any process. */
    @FunctionalInterface
    interface Probe extends Serializable {
        boolean isLocked(Lock lock);
    }

    /** Whether anybody holds it. */
    default boolean locked(Lock lock) {
        return probe().isLocked(lock);
    }

    @Test
    @EveryStartMethod
    @Conforms({"_TestLock.test_lock_locked_2processes", "_TestLock.test_rlock_locked_2processes"})
    default void lock_heldByAnotherParty_isSeenByAll(@TempDir Path directory) throws Exception {
        var lock = newLock();
        var taken = Tally.in(directory, "taken");
        var enough = Tally.in(directory, "enough");
        var probe = probe();
        var holder = workers().start(() -> {
            lock.lock();
            assertThat(probe.isLocked(lock)).isTrue();
            taken.add();
            enough.await(1);
            lock.unlock();
        });
        taken.await(1);

        assertThat(locked(lock)).isTrue();
        assertThat(lock.tryLock()).isFalse();
        long start = System.nanoTime();
        assertThat(lock.tryLock(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        enough.add();
        holder.join();

        assertThat(locked(lock)).isFalse();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    default void unlock_otherPartiesWait_allGetItInTurn(@TempDir Path directory) throws Exception {
        var lock = newLock();
        var coming = Tally.in(directory, "coming");
        var had = Tally.in(directory, "had");
        lock.lock();
        var waiting = workers().start(3, () -> {
            coming.add();
            lock.lock();
            had.add();
            lock.unlock();
        });
        coming.await(3);
        assertThat(had.count()).isZero();

        lock.unlock();

        Workers.joinAll(waiting);
        assertThat(had.count()).isEqualTo(3);
        assertThat(locked(lock)).isFalse();
    }

    @Test
    default void lock_contendingParties_excludesAllOthers(@TempDir Path directory) throws Exception {
        int rounds = 400;
        var lock = newLock();
        String file = directory.resolve("counter").toString();
        increment(file, 0);
        var contenders = workers().start(3, () -> {
            for (int i = 0; i < rounds; i++) {
                lock.lock();
                increment(file, 1);
                lock.unlock();
            }
        });
        Workers.joinAll(contenders);

        assertThat(increment(file, 0)).isEqualTo(3L * rounds);
        assertThat(locked(lock)).isFalse();
    }

    /** Reads, adds and writes, as if alone; returns the result. */
    private static long increment(String file, long by) throws IOException {
        try (var channel = FileChannel.open(
                Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var number = ByteBuffer.allocate(Long.BYTES);
            channel.read(number, 0);
            long sum = number.getLong(0) + by;
            number.clear();
            channel.write(number.putLong(0, sum), 0);
            return sum;
        }
    }
}

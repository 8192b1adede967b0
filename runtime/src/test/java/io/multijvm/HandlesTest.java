package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.shared.ShareableList;
import io.multijvm.shared.SharedDouble;
import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMemory;
import io.multijvm.sync.ProcessCondition;
import io.multijvm.sync.ProcessLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands for something shared, on its way to another process. */
final class HandlesTest {
    private static final ClassLoader LOADER = HandlesTest.class.getClassLoader();
    private static final byte SERIALISED = 0; // the first byte of what Java has serialised

    @Test
    void send_anyHandle_arrivesAsTheSameWithoutSerialisation() throws Exception {
        try (Pipe pipe = MultiJvm.pipe();
                var queue = MultiJvm.queue(3);
                var joinable = MultiJvm.joinableQueue();
                var simple = MultiJvm.simpleQueue();
                var ints = SharedIntArray.of(2);
                var longs = SharedLongArray.of(2);
                var doubles = SharedDoubleArray.of(2);
                var array = MultiJvm.array('h', 2);
                var memory = SharedMemory.create(10);
                var list = ShareableList.of("a", 1)) {
            for (Object handle : List.of(
                    MultiJvm.lock(),
                    MultiJvm.rlock(),
                    MultiJvm.semaphore(),
                    MultiJvm.boundedSemaphore(),
                    MultiJvm.event(),
                    MultiJvm.condition(),
                    MultiJvm.barrier(2, null, Duration.ofSeconds(1)),
                    SharedInt.of(1),
                    SharedLong.of(1),
                    SharedDouble.of(1),
                    MultiJvm.value('d', 1.0),
                    MultiJvm.rawValue('i', 1),
                    ints,
                    longs,
                    doubles,
                    array,
                    memory,
                    list,
                    queue,
                    joinable,
                    simple,
                    pipe.first())) {
                try (Encoded encoded = Codec.encode(handle)) {
                    assertThat(encoded.array()[0]).as("%s", handle).isNotEqualTo(SERIALISED);
                    Object copy = Codec.decode(encoded.bytes(), encoded.descriptors(), LOADER);
                    assertThat(copy).hasSameClassAs(handle);
                    if (copy instanceof AutoCloseable open && copy != handle) {
                        open.close();
                    }
                }
            }
            list.shm().unlink();
            memory.unlink();
        }
    }

    @Test
    void send_aLockAndItsConditionInsideOfOthers_staysOneLock() throws Exception {
        ProcessLock lock = MultiJvm.lock();
        var value = new HashMap<>(Map.of("all", new ArrayList<>(List.of(lock, MultiJvm.condition(lock)))));
        try (Encoded encoded = Codec.encode(value)) {
            assertThat(encoded.array()[0]).isNotEqualTo(SERIALISED);

            var copy = (List<?>) ((Map<?, ?>) Codec.decode(encoded.bytes(), List.of(), LOADER)).get("all");

            var lockCopy = (ProcessLock) copy.get(0);
            var conditionCopy = (ProcessCondition) copy.get(1);
            lock.lock();
            try {
                assertThat(lockCopy).isEqualTo(lock).isNotSameAs(lock);
                assertThat(lockCopy.locked()).isTrue();
            } finally {
                lock.unlock();
            }
            lockCopy.lock();
            try {
                conditionCopy.signal(); // refused if it were a condition of another lock
            } finally {
                lockCopy.unlock();
            }
        }
    }
}

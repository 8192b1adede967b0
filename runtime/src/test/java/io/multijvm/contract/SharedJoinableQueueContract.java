package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every joinable queue between its parties, wherever they run. */
public interface SharedJoinableQueueContract extends SharedQueueContract {
    @Override
    <E> QueueVerbs.Joinable<E> newQueue(int maxsize);

    @Test
    @Conforms("_TestQueue.test_task_done")
    default void join_fourConsumers_returnsWhenAllIsDone() throws Exception {
        var queue = this.<Integer>newQueue(0);
        var consumers = workers().start(4, () -> {
            int item;
            do {
                item = queue.get();
                queue.taskDone();
            } while (item >= 0);
        });
        for (int i = 0; i < 10; i++) {
            queue.put(i);
        }

        queue.join();

        assertThat(queue.empty()).isTrue();
        assertThat(queue.unfinished()).isZero();
        for (int i = 0; i < 4; i++) {
            queue.put(-1);
        }
        Workers.joinAll(consumers);
        queue.join();
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
    }

    @Test
    default void join_itemInAnotherPartysHands_waits(@TempDir Path directory) throws Exception {
        var queue = this.<String>newQueue(1);
        var got = Tally.in(directory, "got");
        var mayEnd = Tally.in(directory, "may end");
        queue.put("a");
        var consumer = workers().start(() -> {
            assertThat(queue.get()).isEqualTo("a");
            got.add();
            mayEnd.await(1);
            queue.taskDone();
        });
        got.await(1);

        assertThat(queue.empty()).isTrue();
        assertThat(queue.unfinished()).isEqualTo(1);
        assertThat(queue.join(Duration.ofMillis(50))).isFalse();
        mayEnd.add();
        assertThat(queue.join(Duration.ofSeconds(30))).isTrue();
        consumer.join();
    }

    @Test
    default void join_inSeveralParties_allReturn(@TempDir Path directory) throws Exception {
        var queue = this.<Integer>newQueue(0);
        var joined = Tally.in(directory, "joined");
        queue.put(1);
        queue.put(2);
        var joining = workers().start(3, () -> {
            queue.join();
            joined.add();
        });
        assertThat(queue.get()).isEqualTo(1);
        queue.taskDone();
        assertThat(queue.get()).isEqualTo(2);
        assertThat(joined.count()).isZero();

        queue.taskDone();

        Workers.joinAll(joining);
        assertThat(joined.count()).isEqualTo(3);
    }

    @Test
    @EveryStartMethod
    default void taskDone_ofAnItemAnotherPartyHas_counts(@TempDir Path directory) throws Exception {
        var queue = this.<Integer>newQueue(0);
        var got = Tally.in(directory, "got");
        var mayEnd = Tally.in(directory, "may end");
        queue.put(1);
        var consumer = workers().start(() -> {
            assertThat(queue.get()).isEqualTo(1);
            got.add();
            mayEnd.await(1);
        });
        got.await(1);

        queue.taskDone();

        queue.join();
        mayEnd.add();
        consumer.join();
        assertThat(queue.empty()).as("comes not back").isTrue();
    }

    @Test
    default void producersJoin_consumersGoOn_allIsDone(@TempDir Path directory) throws Exception {
        var queue = this.<Integer>newQueue(4);
        var done = Tally.in(directory, "done");
        var parties = new ArrayList<Workers.Worker>();
        for (int i = 0; i < 2; i++) {
            parties.add(workers().start(() -> {
                for (int item = queue.get(); item >= 0; item = queue.get()) {
                    done.add();
                    queue.taskDone();
                }
                queue.taskDone();
            }));
        }
        var producers = workers().start(2, () -> {
            for (int item = 0; item < 100; item++) {
                queue.put(item);
            }
            queue.join();
            assertThat(done.count()).isGreaterThanOrEqualTo(100);
        });
        Workers.joinAll(producers);

        assertThat(done.count()).isEqualTo(200);
        queue.put(-1);
        queue.put(-1);
        Workers.joinAll(parties);
        queue.join();
    }
}

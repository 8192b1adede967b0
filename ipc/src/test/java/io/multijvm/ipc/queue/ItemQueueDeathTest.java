package io.multijvm.ipc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.InProcessFamily;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that die at each of their stores, and between any two of them. */
final class ItemQueueDeathTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    @Test
    void put_killedAtEveryStore_isThereWholeOrNotAtAll() throws Exception {
        everywhere(3, false, queue -> put(queue, 9), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            put(queue, 10);
            List<Integer> taken = takeAll(queue);
            assertThat(taken).containsSubsequence(0, 1, 2, 10);
            taken.removeAll(List.of(0, 1, 2, 10));
            assertThat(taken).isSubsetOf(9);
            assertThat(done && taken.isEmpty())
                    .as("put had returned, and it is lost")
                    .isFalse();
        });
    }

    @Test
    void firstPut_killedAtEveryStore_nextPutsAreTakenInOrder() throws Exception {
        everywhere(0, false, queue -> put(queue, 9), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            put(queue, 1);
            put(queue, 2);
            List<Integer> taken = takeAll(queue);
            assertThat(taken).endsWith(1, 2);
            assertThat(taken.subList(0, taken.size() - 2)).isSubsetOf(9);
        });
    }

    @Test
    void take_killedAtEveryStore_losesThatItemAtMost() throws Exception {
        everywhere(3, false, queue -> take(queue), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            put(queue, 3);
            List<Integer> taken = takeAll(queue);
            assertThat(taken).endsWith(1, 2, 3);
            assertThat(taken.subList(0, taken.size() - 3)).isSubsetOf(0);
        });
    }

    @Test
    void takeOfBounded_killedAtEveryStore_leavesNoSlotTaken() throws Exception {
        everywhere(2, false, 2, queue -> take(queue), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            takeAll(queue);
            assertThat(queue.size()).isZero();
            assertThat(queue.offer(new byte[] {1}, 0, 1)).isTrue();
            assertThat(queue.put(new byte[] {2}, 0, 1, Deadline.after(LONG))).isTrue();
            assertThat(queue.offer(new byte[] {3}, 0, 1)).isFalse();
        });
    }

    @Test
    void remove_killedAtEveryStore_isRemovedOrNot() throws Exception {
        everywhere(3, false, queue -> queue.remove(place(queue, 1)), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            List<Integer> taken = takeAll(queue);
            assertThat(taken).isIn(List.of(0, 1, 2), List.of(0, 2));
            assertThat(done && taken.size() == 3).as("removed, and there").isFalse();
        });
    }

    @Test
    void takeOfJoinable_killedAtEveryStore_isDeliveredAgainFirst() throws Exception {
        everywhere(3, true, queue -> take(queue), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            assertThat(queue.unfinished()).isEqualTo(3);
            Item first = await(queue);
            assertThat(first.content().array()).containsExactly(0);
            assertThat(done && !first.isRedelivered())
                    .as("taken before, and not so marked")
                    .isFalse();
            assertThat(takeAll(queue)).containsExactly(1, 2);
            assertAllCanBeAcknowledged(queue, 3);
        });
    }

    @Test
    void acknowledge_killedAtEveryStore_isDoneOrDeliveredAgain() throws Exception {
        Doing takeAndAcknowledge = queue -> assertThat(queue.acknowledge()).isTrue();
        everywhere(3, true, 0, queue -> take(queue), takeAndAcknowledge, (left, stores, done) -> {
            ItemQueue queue = queue(left);
            put(queue, 3);
            List<Integer> taken = takeUntil(queue, 3);
            assertThat(taken).isIn(List.of(0, 1, 2, 3), List.of(1, 2, 3));
            assertThat(done && taken.size() == 4)
                    .as("acknowledged, and delivered again")
                    .isFalse();
            assertAllCanBeAcknowledged(queue, taken.size());
        });
    }

    @Test
    void removeOfJoinable_killedAtEveryStore_joinEnds() throws Exception {
        everywhere(3, true, queue -> queue.remove(place(queue, 1)), (left, stores, done) -> {
            ItemQueue queue = queue(left);
            List<Integer> taken = takeAll(queue);
            assertThat(taken).isIn(List.of(0, 1, 2), List.of(0, 2));
            assertAllCanBeAcknowledged(queue, taken.size());
        });
    }

    private static void assertAllCanBeAcknowledged(ItemQueue queue, int count) throws Exception {
        assertThat(queue.unfinished()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(queue.acknowledge()).isTrue();
        }
        assertThat(queue.join(Deadline.after(LONG))).isTrue();
        assertThat(queue.acknowledge()).isFalse();
    }

    /** An operation of the doomed process on the queue. */
    private interface Doing {
        void with(ItemQueue queue) throws Exception;
    }

    private void everywhere(int items, boolean joinable, Doing doing, InProcessFamily.Check check) throws Exception {
        everywhere(items, joinable, 0, doing, check);
    }

    private void everywhere(int items, boolean joinable, int maxsize, Doing doing, InProcessFamily.Check check)
            throws Exception {
        everywhere(items, joinable, maxsize, queue -> {}, doing, check);
    }

    private void everywhere(
            int items, boolean joinable, int maxsize, Doing before, Doing doing, InProcessFamily.Check check)
            throws Exception {
        InProcessFamily.Fresh fresh = () -> filled(items, joinable, maxsize);
        InProcessFamily.Operation operation = (domain, block, ready) -> {
            ItemQueue queue = queue(domain, block);
            before.with(queue);
            ready.run();
            doing.with(queue);
        };
        int after = family.killAtEveryStore(fresh, operation, check);
        int between = family.killBeforeEveryStore(fresh, operation, check);
        assertThat(after).isPositive();
        assertThat(between).isPositive();
    }

    private Block filled(int items, boolean joinable, int maxsize) throws IOException {
        Domain domain = family.member().domain();
        Block block = domain.allocate(QueueLayout.SIZE);
        ItemQueues.format(block, maxsize, joinable);
        ItemQueue queue = queue(domain, block);
        for (int i = 0; i < items; i++) {
            put(queue, i);
        }
        return block;
    }

    /** The queue as a process sees it that comes later. */
    private ItemQueue queue(Block left) throws IOException {
        Member member = family.member();
        return queue(member.domain(), member.view(left));
    }

    private ItemQueue queue(Domain domain, Block block) {
        var storage =
                new Storage(family.directory().file("queue-" + block.localRef().fileName()), null);
        return new ItemQueue(domain, block, storage, null);
    }

    private static void put(ItemQueue queue, int item) throws IOException {
        assertThat(queue.offer(new byte[] {(byte) item}, 0, 1)).isTrue();
    }

    private static Item.Place place(ItemQueue queue, int item) throws IOException {
        for (Item each = queue.next(null); each != null; each = queue.next(each.place())) {
            if (each.content().array()[0] == item) {
                return each.place();
            }
        }
        throw new AssertionError("not there: " + item);
    }

    private static int take(ItemQueue queue) throws Exception {
        return await(queue).content().array()[0];
    }

    private static Item await(ItemQueue queue) throws Exception {
        Item item = queue.take(Deadline.after(LONG));
        assertThat(item).as("an item").isNotNull();
        return item;
    }

    private static List<Integer> takeUntil(ItemQueue queue, int last) throws Exception {
        var taken = new ArrayList<Integer>();
        while (taken.isEmpty() || taken.get(taken.size() - 1) != last) {
            taken.add(take(queue));
        }
        return taken;
    }

    private static List<Integer> takeAll(ItemQueue queue) throws Exception {
        var taken = new ArrayList<Integer>();
        while (queue.size() > 0) {
            taken.add(take(queue));
        }
        assertThat(queue.poll()).isNull();
        return taken;
    }
}

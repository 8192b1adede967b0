package io.multijvm.samples;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A multilevel feedback queue, which need not know how long the jobs are: who uses up its slice goes a level down, where
 * slices are twice as long, but only jobs run for which nobody waits higher up.
 *
 * <p>Expect: each job runs as soon as it comes, for one tick, pausing whoever had the processor: AABACDBBAADDBAAD. The
 * short job C does not wait at all and never leaves the first level; A, the longest, ends on the third.
 */
public final class SchedMlfq {
    private static final int[] SLICES = {1, 2, 4};
    private static final Map<String, Integer> ENDS_IN_THEORY = Map.of("C", 5, "B", 13, "A", 15, "D", 16);

    private SchedMlfq() {}

    public static void main(String[] args) throws Exception {
        var levels = Stream.generate(() -> (Queue<Processor.Job>) new ArrayDeque<Processor.Job>())
                .limit(SLICES.length)
                .toList();
        int used = 0;
        try (var processor = new Processor()) {
            levels.get(0).addAll(processor.arrivals());
            while (processor.hasWork()) {
                int level = IntStream.range(0, SLICES.length)
                        .filter(i -> !levels.get(i).isEmpty())
                        .findFirst()
                        .orElseThrow();
                var queue = levels.get(level);
                boolean ended = processor.run(queue.element());
                used++;
                var arrivals = processor.arrivals();
                if (ended) {
                    queue.remove();
                    used = 0;
                } else if (used == SLICES[level]) {
                    levels.get(Math.min(level + 1, SLICES.length - 1)).add(queue.remove());
                    used = 0;
                } else if (!arrivals.isEmpty()) {
                    queue.add(queue.remove()); // the newcomers take the processor from it
                    used = 0;
                }
                levels.get(0).addAll(arrivals);
            }
            processor.report(ENDS_IN_THEORY);
        }
    }
}

package io.multijvm.samples;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * Round robin: each job has the processor for two ticks at most, then it is paused and goes to the end of the queue.
 *
 * <p>Expect: the processes are paused in the midst of their work and resumed, and take turns: AABBAACBBDDAADDA. The short
 * job C waits for 2 ticks only, the long job A for 9.
 */
public final class SchedRr {
    private static final int SLICE = 2;
    private static final Map<String, Integer> ENDS_IN_THEORY = Map.of("C", 7, "B", 9, "D", 15, "A", 16);

    private SchedRr() {}

    public static void main(String[] args) throws Exception {
        Queue<Processor.Job> ready = new ArrayDeque<>();
        int used = 0;
        try (var processor = new Processor()) {
            ready.addAll(processor.arrivals());
            while (processor.hasWork()) {
                boolean ended = processor.run(ready.element());
                used++;
                ready.addAll(processor.arrivals()); // before the one whose slice is over
                if (ended) {
                    ready.remove();
                    used = 0;
                } else if (used == SLICE) {
                    ready.add(ready.remove());
                    used = 0;
                }
            }
            processor.report(ENDS_IN_THEORY);
        }
    }
}

package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The producers and the consumers of one queue, which share the items of each measurement among them. */
final class QueueEnds implements AutoCloseable {
    private final List<Partner> producers;
    private final List<Partner> consumers;

    QueueEnds(List<Partner.Task> puts, List<Partner.Task> gets) {
        producers = puts.stream().map(Partner::start).toList();
        consumers = gets.stream().map(Partner::start).toList();
    }

    /** How long it takes from the first put to the last get. */
    double nanos(int items) throws IOException {
        begin(items);
        return nanos();
    }

    void begin(int items) throws IOException {
        for (Partner consumer : consumers) {
            consumer.begin(items / consumers.size());
        }
        for (Partner producer : producers) {
            producer.begin(items / producers.size());
        }
    }

    /** Whether the last item has been got. */
    boolean areDone() throws IOException {
        for (Partner consumer : consumers) {
            if (!consumer.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Waits for the end of what {@link #begin} began; how long it took. */
    double nanos() throws IOException {
        long begin = Long.MAX_VALUE;
        for (Partner producer : producers) {
            begin = Math.min(begin, producer.result());
        }
        long end = Long.MIN_VALUE;
        for (Partner consumer : consumers) {
            end = Math.max(end, consumer.result());
        }
        return end - begin;
    }

    @Override
    public void close() throws IOException {
        List<Partner> all = new ArrayList<>(producers);
        all.addAll(consumers);
        for (Partner each : all) {
            each.close();
        }
    }
}

package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.Rounds;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When what a class loader has is offered to the other processes. */
final class ForeignClassesTest {
    private final ForeignClasses.Met met = new ForeignClasses.Met();
    private final Way way = new Way();

    /** Counts how often it is to offer. */
    private static final class Way implements ForeignClasses.Exchange {
        private final AtomicInteger offers = new AtomicInteger();

        @Override
        public void offer() {
            offers.incrementAndGet();
        }

        @Override
        public ClassLoader elsewhere() {
            return Elsewhere.ONE;
        }

        @Override
        public boolean isElsewhere(ClassLoader loader) {
            return loader == Elsewhere.ONE;
        }
    }

    private static final class Elsewhere extends ClassLoader {
        static final Elsewhere ONE = new Elsewhere();
    }

    private static final class Plugin extends ClassLoader {}

    @Test
    void exchange_nothingMet_offersNothing() {
        met.exchange(way);

        assertThat(way.offers).hasValue(0);
    }

    @Test
    void exchange_afterALoaderWasMet_offers() {
        var plugin = new Plugin();
        met.loader(plugin);

        met.exchange(way);

        assertThat(way.offers).hasValue(1);
        assertThat(met.loaders).singleElement().matches(known -> known.refersTo(plugin));
    }

    @Test
    void loader_metTwice_isNotedOnce() {
        met.exchange(way);
        var plugin = new Plugin();
        met.loader(plugin);
        met.loader(plugin);

        assertThat(way.offers).hasValue(1);
        assertThat(met.loaders).hasSize(1);
    }

    @Test
    void loader_youngest_isAskedFirst() {
        var elder = new Plugin();
        var younger = new Plugin();
        met.loader(elder);
        met.loader(younger);

        assertThat(met.loaders.get(0).refersTo(younger)).isTrue();
    }

    @Test
    void loader_ofOtherProcessesClasses_isNotOffered() {
        met.exchange(way);

        met.loader(Elsewhere.ONE);

        assertThat(way.offers).hasValue(0);
        assertThat(met.loaders).isEmpty();
    }

    /** Otherwise the receiver of the loader's objects finds nobody to ask. */
    @Test
    void exchange_whileALoaderIsMet_offersInAnyCase() throws Exception {
        for (int i = 0; i < Rounds.of(3_000, 100_000); i++) {
            var fresh = new ForeignClasses.Met();
            var counted = new Way();
            var plugin = new Plugin();
            var start = new CyclicBarrier(2);
            var meeting = Background.run(() -> {
                start.await();
                fresh.loader(plugin);
                return null;
            });
            start.await();
            fresh.exchange(counted);
            meeting.get();

            assertThat(counted.offers).as("round %d", i).hasValue(1);
        }
    }
}

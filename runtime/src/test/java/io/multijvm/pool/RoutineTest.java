package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.contract.Waits;
import io.multijvm.testkit.ForkTest;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What parent and workers remember of the tasks they have called. */
@ForkTest
final class RoutineTest extends PoolParties {
    private static final int MANY = 10_000;

    RoutineTest() {
        super(StartMethod.FORKSERVER);
    }

    /** A task with a class of its own, which its worker remembers weakly. */
    private record Named(int number) implements Task<Integer> {
        private static final List<WeakReference<Named>> SEEN = new ArrayList<>();

        @Override
        public Integer call() {
            SEEN.add(new WeakReference<>(this));
            return number;
        }

        static boolean areGone(int count) {
            Waits.until(() -> {
                System.gc();
                return SEEN.stream().allMatch(each -> each.get() == null);
            });
            return SEEN.size() == count;
        }
    }

    @Test
    void callOf_manyObjects_isOneRoutineThatNobodyIsTold() {
        Routine first = Routine.callOf(new Named(1), Routine.Verb.CALL).routine();

        assertThat(Routine.callOf(new Named(2), Routine.Verb.CALL).routine()).isSameAs(first);
        assertThat(first.isBuiltIn()).isTrue();
    }

    @Test
    void callOf_manyInstancesOfALambda_isOneRoutine() {
        var routines = new ArrayList<Routine>();
        for (int i = 0; i < 3; i++) {
            int captured = i;
            routines.add(Routine.callOf((Task<Integer>) () -> captured, Routine.Verb.CALL)
                    .routine());
        }

        assertThat(routines).containsOnly(routines.get(0));
    }

    @Test
    void submit_manyObjects_leaveNothingBehindInTheWorker() throws Exception {
        Pool pool = newPool(1);
        var results = new ArrayList<AsyncResult<Integer>>();
        for (int i = 0; i < MANY; i++) {
            results.add(pool.applyAsync(new Named(i)));
        }
        for (int i = 0; i < MANY; i++) {
            assertThat(results.get(i).get()).isEqualTo(i);
        }

        assertThat(pool.apply(() -> Named.areGone(MANY))).isTrue();
    }
}

package io.multijvm.manager;

import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;

/** The same where so many calls were made before that they go through shared memory. */
@ForkTest
final class WaitingCallsByHatchTest extends WaitingCallsTest {
    private static final int AT_ONCE = 4;
    private static final int TIMES = 20;

    /** Has some connections with many calls behind them: those of calls that wait at the same time. */
    @BeforeEach
    void makeManyCalls() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            var waiting = new ArrayList<Background<String>>();
            for (int j = 0; j < AT_ONCE; j++) {
                waiting.add(taking());
            }
            for (int j = 0; j < AT_ONCE; j++) {
                mailbox.put("letter");
            }
            for (Background<String> each : waiting) {
                each.get();
            }
        }
    }
}

package io.multijvm.samples;

import io.multijvm.testkit.SampleTest;

@SampleTest
final class PoolSamplesTest extends SamplesContract {
    @Override
    boolean includes(String section) {
        return !OF_PROCESSES.contains(section);
    }
}

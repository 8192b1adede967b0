package io.multijvm.samples;

final class PoolSamplesTest extends SamplesContract {
    @Override
    boolean includes(String section) {
        return !OF_PROCESSES.contains(section);
    }
}

package io.multijvm.samples;

final class ProcessSamplesTest extends SamplesContract {
    @Override
    boolean includes(String section) {
        return OF_PROCESSES.contains(section);
    }
}

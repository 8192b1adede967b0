package io.multijvm.benchmarks;

/** One case of the comparison. */
record Row(String name, Samples ours, Samples peer, String unit, Goal goal) {

    /** Ours / peer, so that smaller is better for times. */
    double ratio() {
        return ours.median() / peer.median();
    }

    String met() {
        return goal.met(this);
    }
}

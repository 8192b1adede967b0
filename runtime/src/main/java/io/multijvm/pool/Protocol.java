package io.multijvm.pool;

/**
 * What goes through a lane. A routine is what tasks call: the worker is told it once, under a number. Nobody is told number 0:
 * it calls its only parameter.
 *
 * <pre>
 * to the worker     number    aux       bytes
 * DEFINE            -         routine   what {@link Routine} has made of it
 * FORGET            -         routine
 * CALL              task      routine   the parameters, an Object[]
 * EACH              task      routine   one parameter for each of many calls, an Object[]
 * SPREAD            task      routine   the parameters of each of many calls, an Object[] or List each, in an Object[]
 * END               -         -         end when all before is done
 *
 * from the worker
 * READY             -         -
 * REFUSED           -         -         RemoteFailure: of the initialiser
 * DONE              task      nanos     the result, or an Object[] of them
 * FAILED            task      nanos     RemoteFailure
 * PARTLY            task      nanos     count, for each failed call its index, length and RemoteFailure; an Object[] with nulls
 * FAILED_ENDING     task      nanos     as FAILED; the worker ends
 * LOG_PART          task      -         the beginning of a record, to be continued
 * LOG               task      -         the end of a record, or all of it: see {@link LogRecords}; task 0: of none
 * </pre>
 */
final class Protocol {
    static final int DEFINE = 1;
    static final int FORGET = 2;
    static final int CALL = 3;
    static final int EACH = 4;
    static final int SPREAD = 5;
    static final int END = 6;

    static final int READY = 11;
    static final int REFUSED = 12;
    static final int DONE = 13;
    static final int FAILED = 14;
    static final int PARTLY = 15;
    static final int FAILED_ENDING = 16;
    static final int LOG_PART = 17;
    static final int LOG = 18;

    private Protocol() {}
}

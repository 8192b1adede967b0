package io.multijvm.manager;

import io.multijvm.ipc.FaultPoint;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A call of an object, as its server gets it. */
final class Call {
    private static final int ARGUMENTS = 2; // begin here, behind the numbers of object and verb

    private final Session caller;
    private final @Nullable Origin origin; // null: called from the server's own process
    private final @Nullable Object[] message;

    Call(Session caller, @Nullable Origin origin, @Nullable Object[] message) {
        this.caller = caller;
        this.origin = origin;
        this.message = message;
    }

    /** The process that calls. */
    Session caller() {
        return caller;
    }

    /** Which of {@code all} is called. */
    <V> V verb(V[] all) {
        int number = (int) argument(-1);
        if (number < 0 || number >= all.length) {
            throw new UnsupportedOperationException(
                    "method number " + number + " is not known here; are both sides of one version?");
        }
        return all[number];
    }

    /** An argument, the first being number 0; of whatever type the caller expects it to be. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    <T extends @Nullable Object> T argument(int number) {
        return (T) message[ARGUMENTS + number];
    }

    /** The arguments from number {@code from} on. */
    @Nullable
    Object[] argumentsFrom(int from) {
        return Arrays.copyOfRange(message, ARGUMENTS + from, message.length);
    }

    /**
     * Whether the caller is dead, or the server ends: why a thread in {@link #waiting} is interrupted, if it is not at the
     * caller's wish.
     */
    boolean isCallerGone() {
        return origin != null && origin.isGone();
    }

    /**
     * Runs what is going to wait: meanwhile the thread is interrupted when the caller wants that, or when it dies. Everything
     * else is called plainly, and not interrupted.
     */
    <T extends @Nullable Object> T waiting(Callable<T> action) throws Exception {
        return origin == null ? action.call() : origin.waiting(action);
    }

    /** Runs a function of the caller's; the thread is interrupted when that is dead, as nobody would end it. */
    <T extends @Nullable Object> T function(Callable<T> action) throws Exception {
        return interruptibly(() -> {
            FaultPoint.reach("manager-function");
            return action.call();
        });
    }

    /** As {@link #waiting}, for what may wait or not: that costs less, and others wait a millisecond until it is noticed. */
    <T extends @Nullable Object> T interruptibly(Callable<T> action) throws Exception {
        return origin == null ? action.call() : origin.interruptibly(action);
    }
}

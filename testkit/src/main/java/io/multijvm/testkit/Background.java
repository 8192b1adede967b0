package io.multijvm.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/** A call on a thread of its own, which a test can see waiting, interrupt, and ask for its outcome. */
public final class Background<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Methods inside which a thread is waiting in the kernel, or as good as there. */
    private static final Set<String> WAITS = Set.of("pollUntil", "epoll_wait", "awaitStopped", "sleep");
    /** Inside a method of this class, a thread waits for a plain socket. */
    private static final String SOCKET = "sun.nio.ch.SocketDispatcher";
    /** Inside a method of this class, a thread waits for a condition of the JDK's. */
    private static final String CONDITION = AbstractQueuedSynchronizer.class.getName() + "$ConditionObject";

    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final Thread thread;

    private Background(String name, Callable<T> call) {
        thread = new Thread(() -> complete(call), name);
        thread.setDaemon(true);
    }

    public static <T> Background<T> run(Callable<T> call) {
        return run("background", call);
    }

    /** As the other, on a thread called {@code name}. */
    public static <T> Background<T> run(String name, Callable<T> call) {
        var background = new Background<>(name, call);
        background.thread.start();
        return background;
    }

    /** Returns once the call waits in the kernel, or for a condition of the JDK's. */
    public Background<T> awaitWaiting() {
        Eventually.holds(this::isWaiting);
        return this;
    }

    public Background<T> interrupt() {
        thread.interrupt();
        return this;
    }

    /** Returns once the call has taken note of an interrupt. */
    public Background<T> awaitInterruptTaken() {
        Eventually.holds(() -> !thread.isInterrupted());
        return this;
    }

    /** Whether the call has ended, in whichever way. */
    public boolean isDone() {
        return outcome.isDone();
    }

    /** What the call returned. */
    public T get() throws Exception {
        try {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call failed", e.getCause());
        }
    }

    /** What the call threw. */
    public Throwable failure() throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("the call returned " + outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private void complete(Callable<T> call) {
        try {
            outcome.complete(call.call());
        } catch (Exception | Error e) {
            outcome.completeExceptionally(e);
        }
    }

    private boolean isWaiting() {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> WAITS.contains(frame.getMethodName())
                        || frame.getClassName().equals(CONDITION)
                        || frame.getClassName().equals(SOCKET));
    }
}

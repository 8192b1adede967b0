package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Sleeping on a mapped word of 32 bits, and waking whoever sleeps on it in any process: {@code futex(2)}, shared.
 *
 * <p>Every sleep may end early and for no reason; callers look at the word again.
 */
public final class Futex {
    /** For every sleeper of a word. */
    public static final int ALL = Integer.MAX_VALUE;

    private static final long SYS_FUTEX = System.getProperty("os.arch").equals("aarch64") ? 98 : 202;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final ThreadLocal<Memory> TIMEOUT = ThreadLocal.withInitial(() -> LibC.memory(2 * Long.BYTES));

    private Futex() {}

    /** Loads the native library, if that has not been done. */
    public static void load() {
        LibC.prepare();
    }

    /** Where the first byte of a direct buffer lies in memory. */
    public static long address(ByteBuffer direct) {
        LibC.prepare();
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /**
     * Sleeps while the word at {@code address} is {@code expected}, for {@code nanos} at most.
     *
     * @return whether the word was something else, or the thread was woken; false when the time is up
     */
    public static boolean sleep(long address, int expected, long nanos) {
        Memory timeout = TIMEOUT.get();
        timeout.setLong(0, nanos / NANOS_PER_SECOND);
        timeout.setLong(Long.BYTES, nanos % NANOS_PER_SECOND);
        long at = Pointer.nativeValue(timeout);
        long result = LibC.syscall(SYS_FUTEX, address, LibC.FUTEX_WAIT, expected & 0xffffffffL, at, 0, 0);
        return result == 0 || Native.getLastError() != PosixException.ETIMEDOUT;
    }

    /** As {@link #sleep}; an interrupt of the thread ends it too, and leaves the interrupt status set. */
    public static boolean sleepInterruptibly(long address, int expected, long nanos) {
        var interrupt = new Interrupt(address);
        interrupt.arm();
        try {
            return Thread.currentThread().isInterrupted() || sleep(address, expected, nanos);
        } finally {
            interrupt.disarm();
        }
    }

    /** Wakes up to {@code count} of those who sleep on the word at {@code address}; returns whether there was one. */
    public static boolean wake(long address, int count) {
        return LibC.syscall(SYS_FUTEX, address, LibC.FUTEX_WAKE, count, 0, 0, 0) > 0;
    }

    /**
     * Wakes the word's sleepers when this thread is interrupted. An interrupt in the instant between the look at the
     * interrupt status and the kernel's look at the word is seen only when the sleep is over, which is why sleeps are short.
     */
    private static final class Interrupt extends AbstractInterruptibleChannel {
        private final long address;

        Interrupt(long address) {
            this.address = address;
        }

        void arm() {
            begin();
        }

        void disarm() {
            try {
                end(true);
            } catch (java.nio.channels.AsynchronousCloseException e) {
                // by an interrupt, whose status stays set for the caller to see
            }
        }

        @Override
        protected void implCloseChannel() {
            wake(address, ALL);
        }
    }
}

package io.multijvm.ipc.os;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file description of the kernel, held by number.
 *
 * <p>Closing is safe at any time: threads that are inside a call finish it, threads that wait are woken and get a
 * {@link ClosedChannelException}, and the number is given back only when the last of them has left, so that no call
 * can ever reach a descriptor that was opened later under the same number.
 */
public final class Descriptor implements AutoCloseable {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final int fd;
    /** How many threads are inside a call; less than zero once closed: {@link #CLOSED} and them. */
    private final AtomicInteger users = new AtomicInteger();

    private final List<Wakeup> waiting = new ArrayList<>(2); // guarded by itself

    Descriptor(int fd) {
        this.fd = fd;
    }

    /** Takes over descriptor {@code fd} of this process. */
    public static Descriptor adopt(int fd) {
        return new Descriptor(fd);
    }

    /** Opens {@code /dev/null} for reading and writing. */
    public static Descriptor devNull() throws IOException {
        return open(Path.of("/dev/null"), LibC.O_RDWR);
    }

    /** Opens {@code file} for writing, made when missing; emptied first unless {@code append}. */
    public static Descriptor openForWriting(Path file, boolean append) throws IOException {
        return open(file, LibC.O_WRONLY | LibC.O_CREAT | (append ? LibC.O_APPEND : LibC.O_TRUNC));
    }

    /** Opens {@code file}, made when missing, and takes its exclusive lock; false in {@link Locked#held} if taken. */
    public static Locked openLocked(Path file) throws IOException {
        Descriptor descriptor = open(file, LibC.O_RDWR | LibC.O_CREAT);
        boolean held = LibC.flock(descriptor.fd, LibC.LOCK_EX | LibC.LOCK_NB) == 0;
        if (!held) {
            descriptor.close();
        }
        return new Locked(descriptor, held);
    }

    /**
     * Opens {@code file}, made when missing, and takes its exclusive lock, which nobody else may want for himself: only
     * {@link #isLocked}, which has a lock for a moment, is waited for.
     */
    public static Descriptor openLockedAlone(Path file) throws IOException {
        Descriptor descriptor = open(file, LibC.O_RDWR | LibC.O_CREAT);
        try {
            PosixException.check(LibC.flock(descriptor.fd, LibC.LOCK_EX), "flock " + file);
            return descriptor;
        } catch (PosixException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Opens {@code file}, to be asked whether it is locked. */
    public static Descriptor openToLook(Path file) throws IOException {
        return open(file, LibC.O_RDWR);
    }

    /** Whether somebody else holds the exclusive lock of the file. */
    public boolean isLockedElsewhere() throws IOException {
        int number = enter();
        try {
            boolean free = LibC.flock(number, LibC.LOCK_SH | LibC.LOCK_NB) == 0;
            if (free) {
                PosixException.check(LibC.flock(number, LibC.LOCK_UN), "flock");
            }
            return !free;
        } finally {
            leave();
        }
    }

    /** Whether somebody holds the exclusive lock of {@code file}; false when there is no such file. */
    public static boolean isLocked(Path file) throws IOException {
        try (Descriptor descriptor = openToLook(file)) {
            return descriptor.isLockedElsewhere();
        } catch (PosixException e) {
            if (e.isMissing()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Appends one byte to {@code file}, made when missing, and returns how long it is with it: a number that nobody else
     * gets, in whatever order and processes this is called.
     */
    public static long appendByte(Path file) throws IOException {
        try (Descriptor descriptor = open(file, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_APPEND)) {
            descriptor.writeFully(new byte[1], 0, 1);
            return LibC.lseek(descriptor.fd, 0, LibC.SEEK_CUR);
        }
    }

    /** A file and whether its lock was had; without the lock the descriptor is closed already. */
    public record Locked(Descriptor descriptor, boolean held) {}

    private static Descriptor open(Path file, int flags) throws IOException {
        int mode = 0666;
        return new Descriptor(
                PosixException.check(LibC.open(file.toString(), flags | LibC.O_CLOEXEC, mode), "open " + file));
    }

    /** A one-way pipe: what is written to the second can be read from the first. */
    public static Descriptor[] pipe() throws IOException {
        int[] ends = new int[2];
        PosixException.check(LibC.pipe2(ends, LibC.O_CLOEXEC), "pipe2");
        return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
    }

    /** An anonymous file in memory. */
    static Descriptor memory(String name) throws IOException {
        return new Descriptor(PosixException.check(LibC.memfd_create(name, LibC.MFD_CLOEXEC), "memfd_create"));
    }

    /** Another descriptor of the same open file description. */
    public Descriptor duplicate() throws IOException {
        return duplicateFrom(3);
    }

    /** As {@link #duplicate}, under a number of at least {@code lowest}. */
    Descriptor duplicateFrom(int lowest) throws IOException {
        int number = enter();
        try {
            return new Descriptor(
                    PosixException.check(LibC.fcntl(number, LibC.F_DUPFD_CLOEXEC, lowest), "fcntl F_DUPFD"));
        } finally {
            leave();
        }
    }

    /** Makes {@code target}, a number such as 1 for standard output, stand for the same open file description. */
    public void duplicateOnto(int target) throws IOException {
        int number = enter();
        try {
            PosixException.check(LibC.dup2(number, target), "dup2");
        } finally {
            leave();
        }
    }

    /** Reads once, without waiting; -1 at end-of-file, -2 when there is nothing yet. */
    public int readNow(byte[] into) throws IOException {
        int number = enter();
        try (var scratch = Scratch.take()) {
            int most = Math.min(into.length, Scratch.DATA_SIZE);
            if (!Wait.isReady(number, LibC.POLLIN)) {
                return -2;
            }
            long count = LibC.read(number, scratch.data(), most);
            if (count < 0) {
                var failure = PosixException.last("read");
                if (failure.errno() == PosixException.EAGAIN || failure.errno() == PosixException.EINTR) {
                    return -2;
                }
                throw failure;
            }
            scratch.data().read(0, into, 0, (int) count);
            return count == 0 ? -1 : (int) count;
        } finally {
            leave();
        }
    }

    /** Writes all of {@code bytes}, as long as it takes. */
    public void writeFully(byte[] bytes, int offset, int size) throws IOException {
        int number = enter();
        try (var scratch = Scratch.take()) {
            int done = 0;
            while (done < size) {
                int part = Math.min(size - done, Scratch.DATA_SIZE);
                scratch.data().write(0, bytes, offset + done, part);
                done += writeSome(number, scratch.data(), part);
            }
        } finally {
            leave();
        }
    }

    private int writeSome(int number, Pointer data, int size) throws IOException {
        while (true) {
            long count = LibC.write(number, data, size);
            if (count >= 0) {
                return (int) count;
            }
            int errno = Native.getLastError();
            if (errno == PosixException.EAGAIN) {
                await(LibC.POLLOUT, Deadline.never());
            } else if (errno != PosixException.EINTR) {
                throw new PosixException("write", errno);
            }
        }
    }

    /** Reads from {@code position} on until {@code into} is full. */
    void readFully(long position, byte[] into, int offset, int size) throws IOException {
        int number = enter();
        try (var scratch = Scratch.take()) {
            int done = 0;
            while (done < size) {
                int part = Math.min(size - done, Scratch.DATA_SIZE);
                long count = LibC.pread(number, scratch.data(), part, position + done);
                if (count <= 0) {
                    throw count < 0 ? PosixException.last("pread") : new IOException("file shorter than announced");
                }
                scratch.data().read(0, into, offset + done, (int) count);
                done += (int) count;
            }
        } finally {
            leave();
        }
    }

    /**
     * Waits until there is something to read or end-of-file; returns whether that came before the deadline.
     *
     * @throws ClosedChannelException when the descriptor is closed meanwhile
     * @throws InterruptedIOException when the thread is interrupted; its interrupt status stays set
     */
    public boolean awaitReadable(Deadline deadline) throws IOException {
        return await(LibC.POLLIN, deadline);
    }

    /** As {@link #awaitReadable}, until something can be written or the reader is gone. */
    public boolean awaitWritable(Deadline deadline) throws IOException {
        return await(LibC.POLLOUT, deadline);
    }

    /** As {@link #awaitReadable} without end, for who has just seen that there is nothing. */
    public void sleepUntilReadable() throws IOException {
        sleep(LibC.POLLIN);
    }

    /** As {@link #sleepUntilReadable}, for who has just seen that there is no room. */
    public void sleepUntilWritable() throws IOException {
        sleep(LibC.POLLOUT);
    }

    private void sleep(short events) throws IOException {
        int number = enter();
        try {
            boolean ignored = Wait.await(this, number, events, Deadline.never());
        } finally {
            leave();
        }
    }

    private boolean await(short events, Deadline deadline) throws IOException {
        int number = enter();
        try {
            if (Wait.isReady(number, events)) {
                return true;
            }
            if (deadline.isOver()) {
                return false;
            }
            return Wait.await(this, number, events, deadline);
        } finally {
            leave();
        }
    }

    /** The number; valid until closed, and for calls of this package only between {@link #enter} and {@link #leave}. */
    public int number() {
        return fd;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return users.get() < 0;
    }

    /** Idempotent. */
    @Override
    public void close() {
        int before = users.get();
        while (before >= 0 && !users.compareAndSet(before, before | CLOSED)) {
            before = users.get();
        }
        if (before < 0) {
            return;
        }
        synchronized (waiting) {
            waiting.forEach(Wakeup::signal);
        }
        if (before == 0) {
            LibC.close(fd);
        }
    }

    /** Marks the descriptor as in use by this thread and returns its number. */
    int enter() throws ClosedChannelException {
        int now = users.get();
        while (now >= 0) {
            if (users.compareAndSet(now, now + 1)) {
                return fd;
            }
            now = users.get();
        }
        throw new ClosedChannelException();
    }

    void leave() {
        if (users.decrementAndGet() == CLOSED) {
            LibC.close(fd);
        }
    }

    /** Has {@code wakeup} signalled when this descriptor is closed; throws when it is closed already. */
    void announce(Wakeup wakeup) throws ClosedChannelException {
        synchronized (waiting) {
            requireOpen(); // whoever closes it from now on finds the wakeup
            waiting.add(wakeup);
        }
    }

    void withdraw(Wakeup wakeup) throws ClosedChannelException {
        synchronized (waiting) {
            waiting.remove(wakeup);
        }
        requireOpen();
    }

    private void requireOpen() throws ClosedChannelException {
        if (isClosed()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public String toString() {
        return "descriptor " + fd + (isClosed() ? " (closed)" : "");
    }
}

package io.multijvm.ipc.os;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inside of a plain socket that another process has as well. It does all as before but for one thing: the JDK's own
 * ends the connection when it is closed, whoever else has it open; this one only closes its descriptor.
 */
final class SharedSocket extends SocketImpl {
    private static final int UNCONNECTED = 1;
    private static final int CONNECTED = 3;
    private static final int CLOSING = 4;
    /** The release from which on the JDK ends only what it believes to be connected. */
    private static final int ASKS = 21;

    private final SocketImpl inner;

    private SharedSocket(SocketImpl inner) {
        this.inner = inner;
        for (Field field : RawObjects.fieldsOf(SocketImpl.class)) { // whoever is asked for an address looks there
            if (!Modifier.isStatic(field.getModifiers())) {
                RawObjects.copyField(field, inner, this);
            }
        }
    }

    /** Makes {@code socket} one that leaves its connection open when it is closed. */
    static void share(Socket socket) {
        long field = RawObjects.offset(Socket.class, "impl");
        var inner = (SocketImpl) Objects.requireNonNull(RawObjects.getReference(socket, field));
        if (!(inner instanceof SharedSocket)) {
            RawObjects.putReference(socket, field, new SharedSocket(inner));
        }
    }

    @Override
    protected void close() throws IOException {
        Object last = inner;
        while (!last.getClass().getName().equals("sun.nio.ch.NioSocketImpl")) {
            Class<?> delegating = delegating(last.getClass());
            last = Objects.requireNonNull(
                    RawObjects.getReference(last, RawObjects.offset(delegating, "delegate")), "what does the work");
        }
        Object stateLock = Objects.requireNonNull(
                RawObjects.getReference(last, RawObjects.offset(last.getClass(), "stateLock")), "its lock");
        synchronized (stateLock) { // so that no thread begins or ends a call meanwhile
            leaveConnection(last);
            call("close");
        }
    }

    /** Sees to it that the JDK finds nothing to end when it closes {@code last}. */
    private static void leaveConnection(Object last) throws IOException {
        long state = RawObjects.offset(last.getClass(), "state");
        if (RawObjects.getInt(last, state) >= CLOSING) {
            return;
        }
        if (RawObjects.getInt(last, state) == CONNECTED) {
            RawObjects.putInt(last, state, UNCONNECTED);
        }
        if (Runtime.version().feature() >= ASKS) {
            return;
        }
        // Release 17 does not ask: it ends what the descriptor stands for, and closes what it has remembered.
        long descriptor = RawObjects.offset(SocketImpl.class, "fd");
        if (isInUse(last)) {
            putDeadSocketOnto((FileDescriptor) Objects.requireNonNull(RawObjects.getReference(last, descriptor)));
        } else {
            RawObjects.putReference(last, descriptor, new FileDescriptor());
        }
    }

    /** As the JDK is about to do itself, by the number, for threads that have not gone to sleep yet. */
    private static void putDeadSocketOnto(FileDescriptor held) throws IOException {
        Descriptor[] pair = Sockets.streamPair();
        pair[1].close();
        try (Descriptor dead = pair[0]) {
            dead.duplicateOnto(JdkInternals.number(held));
        }
    }

    /** Whether a thread is inside a call; it is woken by way of the descriptor. */
    private static boolean isInUse(Object last) {
        return RawObjects.getLong(last, RawObjects.offset(last.getClass(), "readerThread")) != 0
                || RawObjects.getLong(last, RawObjects.offset(last.getClass(), "writerThread")) != 0;
    }

    private static Class<?> delegating(Class<?> type) {
        Class<?> each = type;
        while (!RawObjects.hasField(each, "delegate")) {
            each = Objects.requireNonNull(each.getSuperclass(), type.getName());
        }
        return each;
    }

    private @Nullable Object call(String name, @Nullable Object... arguments) throws IOException {
        try {
            var all = new @Nullable Object[arguments.length + 1];
            all[0] = inner;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            return JdkInternals.trusted().unreflect(method(name, arguments)).invokeWithArguments(all);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw JdkInternals.unavailable("SocketImpl." + name, e);
        }
    }

    private static Method method(String name, @Nullable Object... arguments) throws NoSuchMethodException {
        for (Class<?> type : new Class<?>[] {SocketImpl.class, java.net.SocketOptions.class}) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments)) {
                    return method;
                }
            }
        }
        throw new NoSuchMethodException(name);
    }

    private static boolean fits(Class<?>[] types, @Nullable Object... arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!types[i].isPrimitive() && arguments[i] != null && !types[i].isInstance(arguments[i])) {
                return false;
            }
            if (types[i].isPrimitive() && !(arguments[i] instanceof Integer || arguments[i] instanceof Boolean)) {
                return false;
            }
        }
        return true;
    }

    @Override
    protected void create(boolean stream) throws IOException {
        call("create", stream);
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        call("connect", host, port);
    }

    @Override
    protected void connect(InetAddress to, int port) throws IOException {
        call("connect", to, port);
    }

    @Override
    protected void connect(SocketAddress to, int timeout) throws IOException {
        call("connect", to, timeout);
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        call("bind", host, port);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        call("listen", backlog);
    }

    @Override
    protected void accept(SocketImpl into) throws IOException {
        call("accept", into);
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        return (InputStream) Objects.requireNonNull(call("getInputStream"));
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        return (OutputStream) Objects.requireNonNull(call("getOutputStream"));
    }

    @Override
    protected int available() throws IOException {
        return (int) Objects.requireNonNull(call("available"));
    }

    @Override
    protected void shutdownInput() throws IOException {
        call("shutdownInput");
    }

    @Override
    protected void shutdownOutput() throws IOException {
        call("shutdownOutput");
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        call("sendUrgentData", data);
    }

    @Override
    protected FileDescriptor getFileDescriptor() {
        return fd == null ? new FileDescriptor() : fd;
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        call("setOption", name, value);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // some options have no value
    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return (T) call("getOption", name);
    }

    @SuppressWarnings("unchecked")
    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        try {
            return (Set<SocketOption<?>>) Objects.requireNonNull(call("supportedOptions"));
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read for this", e);
        }
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        try {
            call("setOption", option, value);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new SocketException(e.getMessage());
        }
    }

    @SuppressWarnings("NullAway") // some options have no value
    @Override
    public Object getOption(int option) throws SocketException {
        try {
            return call("getOption", option);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new SocketException(e.getMessage());
        }
    }
}

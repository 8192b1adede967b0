package io.multijvm.connection;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.WaitAny;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one {@link Connections#wait} looks at, and how it learns that something has changed. */
final class ReadinessWatch implements AutoCloseable {
    /** One of the objects, by what is to be asked of it: whether its descriptor, if it has one, is readable, and more. */
    private interface Subject {
        boolean isReady(boolean readable) throws IOException;
    }

    private final WaitAny descriptors = new WaitAny();
    private final List<Subject> subjects = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>(); // among the descriptors; -1 for a process
    private final List<ProcessContext.EndWatch> ends = new ArrayList<>();
    private int watched;

    ReadinessWatch() throws IOException {}

    void add(@Nullable Object object) throws IOException {
        if (object instanceof Connection connection) {
            add(connection);
        } else if (object instanceof Listener listener) {
            descriptors.add(listener.readiness());
            addSubject(readable -> readable);
        } else if (object instanceof JvmProcess process) {
            ProcessContext.EndWatch end = ProcessContext.watchEnd(process, descriptors::wakeUp);
            ends.add(end);
            subjects.add(readable -> end.hasEnded());
            places.add(-1);
        } else {
            add(channel(object));
        }
    }

    private void add(Connection connection) throws IOException {
        connection.requireReadable();
        var channel = connection.channel();
        descriptors.add(channel.descriptor());
        // Of a stream a part of a message may be there, and is no reason to wake anybody.
        addSubject(
                readable -> readable && (channel.carriesDescriptors() || channel.poll(Deadline.after(Duration.ZERO))));
    }

    private void add(Channel channel) throws IOException {
        requireOpen(channel);
        descriptors.addChannel(channel);
        addSubject(readable -> {
            requireOpen(channel);
            return readable;
        });
    }

    private void addSubject(Subject subject) {
        subjects.add(subject);
        places.add(watched++);
    }

    private static void requireOpen(Channel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private static Channel channel(@Nullable Object object) {
        Object channel = object;
        if (object instanceof Socket socket) {
            channel = socket.getChannel();
        } else if (object instanceof ServerSocket server) {
            channel = server.getChannel();
        }
        if (channel instanceof SocketChannel
                || channel instanceof ServerSocketChannel
                || channel instanceof DatagramChannel) {
            return (Channel) channel;
        }
        throw new IllegalArgumentException("cannot be waited for: " + object
                + "; a Connection, Listener, JvmProcess, socket channel, or a socket that has one, expected");
    }

    /** The indices of those that are ready. */
    List<Integer> ready() throws IOException {
        boolean[] readable = descriptors.ready();
        var ready = new ArrayList<Integer>();
        for (int i = 0; i < subjects.size(); i++) {
            int place = places.get(i);
            if (subjects.get(i).isReady(place >= 0 && readable[place])) {
                ready.add(i);
            }
        }
        return ready;
    }

    void await(Deadline deadline) throws IOException {
        descriptors.await(deadline);
    }

    @Override
    public void close() {
        ends.forEach(ProcessContext.EndWatch::close);
        descriptors.close();
    }
}

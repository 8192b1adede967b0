package io.multijvm.manager;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with a call of another process, whichever way it has come: decoded, served, the outcome encoded. */
final class Service {
    private final LocalServer server;

    Service(LocalServer server) {
        this.server = server;
    }

    LocalServer server() {
        return server;
    }

    /** The call in a message: an object's number, a verb's, and arguments. */
    @Nullable
    Object[] decode(byte[] bytes, List<Descriptor> descriptors) throws IOException, ClassNotFoundException {
        Object decoded = Codec.decode(bytes, descriptors, Codec.loader(), server.filter());
        if (decoded instanceof Object[] call && call.length >= 2) {
            return call;
        }
        throw new IOException("not a call");
    }

    /** The outcome of a call, of {@code size} bytes, that could not be decoded: an object that is gone is found so then. */
    static Failure refusal(Throwable failure, int size) {
        if (failure instanceof OutOfMemoryError shortage) {
            return refusal(new HeapExhaustedException("a call", size, shortage));
        }
        return Failure.of(failure.getCause() instanceof ObjectGoneException gone ? gone : failure);
    }

    /** The outcome of a call that there was no memory for. */
    static Failure refusal(HeapExhaustedException shortage) {
        return Failure.of(new UncheckedIOException(
                "the manager's server cannot take the call: " + shortage.getMessage(), shortage));
    }

    /** The outcome of a call: its result, or a {@link Failure}. */
    @Nullable
    Object serve(Session caller, Origin origin, @Nullable Object[] call) {
        Object outcome;
        try {
            FaultPoint.reach("manager-call");
            outcome = server.serve(caller, origin, call);
        } catch (Throwable e) { // the server's boundary: whatever it is, the caller gets it
            outcome = Failure.of(e);
        }
        boolean ignored = Thread.interrupted(); // was meant for the call
        return outcome;
    }

    /** An outcome on its way to {@code destination}, a session if there is one; one that cannot be encoded is a failure. */
    Encoded encode(@Nullable Object outcome, Object destination, boolean descriptorsTravel) {
        try {
            FaultPoint.reach("manager-encode");
            Encoded encoded = Destination.encode(outcome, destination);
            if (encoded.descriptors().isEmpty() || descriptorsTravel) {
                return encoded;
            }
            encoded.close();
        } catch (OutOfMemoryError e) {
            return encode(Failure.of(new UncheckedIOException(
                    "the manager's server has no memory left to send the result: its heap may have "
                            + Runtime.getRuntime().maxMemory() + " bytes",
                    new IOException(e))));
        } catch (RuntimeException | Error e) { // code of the program's runs in it
            return encode(Failure.of(e));
        }
        return encode(Failure.of(Line.notOverTcp()));
    }

    private static Encoded encode(Failure failure) {
        for (int i = 1; ; i++) {
            try {
                return Codec.encode(failure);
            } catch (RuntimeException | Error e) {
                if (i >= ServedConnection.TRIES) {
                    throw e;
                }
                Survival.of(e);
            }
        }
    }

    /** Which verb of the server itself is called; null for other objects'. */
    static @Nullable ServerVerb verbOf(@Nullable Object[] call) {
        return call[0] instanceof Long object
                        && object == Server.ITSELF
                        && call[1] instanceof Integer number
                        && number >= 0
                        && number < ServerVerb.ALL.length
                ? ServerVerb.ALL[number]
                : null;
    }
}

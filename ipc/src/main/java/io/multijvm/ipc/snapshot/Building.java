package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSource;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * How one lambda, proxy or stream of a socket is made.
 *
 * @param number its own number
 * @param needed references of the objects it is made of
 * @param lambda the number of the lambda's form
 * @param values the lambda's captured variables, boxed; null where an object is needed
 * @param interfaces the proxy's
 * @param isInput whether the stream is for reading
 */
record Building(
        int number, int[] needed, int lambda, @Nullable Object[] values, Class<?>[] interfaces, boolean isInput) {

    static Building read(int number, Form form, ByteSource in, KnownTypes types)
            throws IOException, ClassNotFoundException {
        return switch (form) {
            case PROXY -> {
                var interfaces = new Class<?>[in.readCount(1)];
                for (int i = 0; i < interfaces.length; i++) {
                    interfaces[i] = types.get(in.readCount(0));
                }
                yield new Building(number, new int[] {in.readCount(0)}, -1, new Object[0], interfaces, false);
            }
            case SOCKET_STREAM -> {
                boolean isInput = in.readByte() != 0;
                yield new Building(number, new int[] {in.readCount(0)}, -1, new Object[0], new Class<?>[0], isInput);
            }
            default -> readLambda(number, in, types);
        };
    }

    private static Building readLambda(int number, ByteSource in, KnownTypes types)
            throws IOException, ClassNotFoundException {
        int lambda = in.readCount(0);
        Class<?>[] captured = types.lambda(lambda).captured().parameterArray();
        var values = new @Nullable Object[captured.length];
        int[] needed = new int[captured.length];
        for (int i = 0; i < captured.length; i++) {
            switch (captured[i].descriptorString().charAt(0)) {
                case 'I' -> values[i] = in.readInt();
                case 'F' -> values[i] = Float.intBitsToFloat(in.readInt());
                case 'J' -> values[i] = in.readLong();
                case 'D' -> values[i] = Double.longBitsToDouble(in.readLong());
                case 'S' -> values[i] = (short) in.readShort();
                case 'C' -> values[i] = (char) in.readShort();
                case 'B' -> values[i] = (byte) in.readByte();
                case 'Z' -> values[i] = in.readByte() != 0;
                default -> needed[i] = in.readCount(0);
            }
        }
        return new Building(number, needed, lambda, values, new Class<?>[0], false);
    }

    /** Makes the lambda. */
    Object lambda(KnownTypes types, ObjectReader objects) throws IOException, ClassNotFoundException {
        @Nullable Object[] all = values.clone();
        for (int i = 0; i < all.length; i++) {
            if (all[i] == null) {
                all[i] = objects.object(needed[i]);
            }
        }
        MethodHandle factory = types.factory(lambda);
        try {
            return (Object) factory.invokeExact(all);
        } catch (Throwable e) {
            throw new IOException(
                    "cannot make a lambda of " + types.lambda(lambda).body(), e);
        }
    }
}

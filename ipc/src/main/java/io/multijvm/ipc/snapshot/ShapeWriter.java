package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.OpenChannels;
import io.multijvm.ipc.os.RawObjects;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what objects are made of, as far as that is not other objects. */
final class ShapeWriter {
    private static final int ENDED = 1;

    private final Scope scope;
    private final ClassTable classes;
    private final Thread forking;
    private final ByteSink shapes = new ByteSink();
    private final List<Descriptor> descriptors = new ArrayList<>();

    ShapeWriter(Scope scope, ClassTable classes, Thread forking) {
        this.scope = scope;
        this.classes = classes;
        this.forking = forking;
    }

    ByteSink bytes() {
        return shapes;
    }

    List<Descriptor> descriptors() {
        return descriptors;
    }

    /** Writes all that the receiver needs to make {@code value}, empty. */
    void write(Object value, ClassForm of) throws Refusal {
        if (value == forking) {
            tag(Form.FORKING_THREAD);
        } else if ((of.isStream && writeStandardStream(value)) || (of.isOfTheJdk && writeConstant(value))) {
            return;
        } else if (of.form == Form.REFUSED || scope.isLocal(of.type)) {
            throw new Refusal(value, "means nothing outside its own process");
        } else {
            writeShape(value, of, of.form);
        }
    }

    private boolean writeStandardStream(Object value) {
        String stream = Named.ofStandardStream(value);
        if (stream == null) {
            return false;
        }
        tag(Form.NAMED);
        Text.write(shapes, stream);
        return true;
    }

    private boolean writeConstant(Object value) {
        Field field = Constants.fieldOf(value);
        if (field == null) {
            return false;
        }
        tag(Form.CONSTANT);
        shapes.writeCount(classes.numberOf(field.getDeclaringClass()));
        Text.write(shapes, field.getName());
        return true;
    }

    private void writeShape(Object value, ClassForm of, Form form) throws Refusal {
        switch (form) {
            case FIELDS, IMMUTABLE -> tagged(form, of.type);
            case ARRAY -> {
                tagged(form, of.type);
                shapes.writeCount(((Object[]) value).length);
            }
            case PRIMITIVES -> {
                tag(form);
                Primitives.write(shapes, value);
            }
            case STRING -> {
                tag(form);
                Strings.write(shapes, (String) value);
            }
            case BOX -> writeBox(value, of);
            case ENUM -> {
                tagged(form, ((Enum<?>) value).getDeclaringClass());
                Text.write(shapes, ((Enum<?>) value).name());
                shapes.write(hasContents(of) ? 1 : 0);
            }
            case CLASS -> tagged(form, visible(value, (Class<?>) value));
            case MEMBER -> {
                tag(form);
                Class<?> owner = ((Member) value).getDeclaringClass();
                Members.write(shapes, value, classes.numberOf(visible(value, owner)));
            }
            case THREAD -> writeThread((Thread) value, of);
            case FILE -> writeFile((FileDescriptor) value);
            case MAP -> {
                tagged(form, of.type);
                shapes.writeCount(Math.max(0, ((Map<?, ?>) value).size()));
                shapes.write(of.map == MapKind.LINKED && JdkInternals.isInAccessOrder((Map<?, ?>) value) ? 1 : 0);
            }
            case LAMBDA -> {
                if (classes.numberOfLambda(of.type) < 0) {
                    throw new Refusal(value, "a lambda whose body cannot be found");
                }
                tag(form);
            }
            case PROXY, SOCKET_STREAM -> tag(form);
            case NAMED -> {
                String name = Named.of(value);
                if (name == null) {
                    throw new Refusal(value, "is not to be found in another process");
                }
                tag(form);
                Text.write(shapes, name);
            }
            case CODEC -> writeEncoded(value);
            case BUFFER -> writeBuffer((ByteBuffer) value);
            case FORKING_THREAD, CONSTANT, NOTHING, REFUSED -> throw new AssertionError(form);
        }
    }

    private void tag(Form form) {
        shapes.write(form.ordinal());
    }

    private void tagged(Form form, Class<?> type) {
        tag(form);
        shapes.writeCount(classes.numberOf(type));
    }

    private static Class<?> visible(Object value, Class<?> type) throws Refusal {
        if (type.isHidden()) {
            throw new Refusal(value, "a hidden class, which has no name in another process");
        }
        return type;
    }

    private void writeBox(Object value, ClassForm of) {
        if (Primitives.isTheOne(value)) {
            tag(Form.BOX);
            Primitives.writeBox(shapes, value);
        } else {
            tagged(Form.FIELDS, of.type);
        }
    }

    /** Whether the fields of an enum constant are copied. */
    boolean hasContents(ClassForm of) {
        return of.plan.fields.length > 0 && scope.isApplication(of.type);
    }

    private void writeThread(Thread thread, ClassForm of) {
        tagged(Form.THREAD, ThreadCopy.typeFor(of.type));
        Text.write(shapes, thread.getName());
        shapes.write(thread.getState() == Thread.State.NEW ? 0 : ENDED);
        shapes.write(thread.isDaemon() ? 1 : 0);
        shapes.write(thread.getPriority());
    }

    private void writeFile(FileDescriptor file) throws Refusal {
        int number = JdkInternals.number(file);
        tag(Form.FILE);
        if (number <= 2) { // the standard ones, or closed
            shapes.writeInt(number);
            return;
        }
        try {
            Descriptor duplicate = OpenChannels.duplicate(file);
            shapes.writeInt(3 + descriptors.size());
            descriptors.add(duplicate);
        } catch (IOException e) {
            throw new Refusal(file, "cannot be duplicated: " + e.getMessage());
        }
    }

    private void writeEncoded(Object value) throws Refusal {
        Encoded encoded;
        try {
            encoded = Codec.encode(value);
        } catch (NotSendableException e) {
            throw new Refusal(value, String.valueOf(e.getMessage()));
        }
        tag(Form.CODEC);
        shapes.writeCount(descriptors.size());
        shapes.writeCount(encoded.descriptors().size());
        descriptors.addAll(encoded.descriptors());
        shapes.writeCount(encoded.length());
        shapes.write(encoded.array(), 0, encoded.length());
    }

    private void writeBuffer(ByteBuffer buffer) throws Refusal {
        Object file = RawObjects.getReference(buffer, RawObjects.offset(MappedByteBuffer.class, "fd"));
        if (file != null) {
            throw new Refusal(buffer, "a mapped file");
        }
        tag(Form.BUFFER);
        shapes.writeCount(buffer.position());
        shapes.writeCount(buffer.limit());
        shapes.write(buffer.order() == ByteOrder.LITTLE_ENDIAN ? 1 : 0);
        byte[] bytes = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(bytes);
        shapes.writeBytes(bytes);
    }
}

package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What becomes a child's descriptor 1, and the pipe behind it if this process is to read it. */
final class StandardOutput implements AutoCloseable {
    private final Descriptor childsEnd;
    private final boolean isOurOwn;
    private @Nullable Descriptor pipe;

    private StandardOutput(Descriptor childsEnd, boolean isOurOwn, @Nullable Descriptor pipe) {
        this.childsEnd = childsEnd;
        this.isOurOwn = isOurOwn;
        this.pipe = pipe;
    }

    static StandardOutput of(Output output) throws IOException {
        return switch (output.kind()) {
            case INHERIT -> new StandardOutput(Descriptor.adopt(1), true, null);
            case DISCARD -> new StandardOutput(Descriptor.devNull(), false, null);
            case TRUNCATE -> new StandardOutput(Descriptor.openForWriting(output.file(), false), false, null);
            case APPEND -> new StandardOutput(Descriptor.openForWriting(output.file(), true), false, null);
            case LINES -> {
                Descriptor[] ends = Descriptor.pipe();
                yield new StandardOutput(ends[1], false, ends[0]);
            }
        };
    }

    Descriptor childsEnd() {
        return childsEnd;
    }

    /** The reading end, now the caller's to close; null when nothing is to be read here. */
    @Nullable
    Descriptor takePipe() {
        Descriptor taken = pipe;
        pipe = null;
        return taken;
    }

    @Override
    public void close() {
        if (!isOurOwn) {
            childsEnd.close();
        }
        if (pipe != null) {
            pipe.close();
        }
    }
}

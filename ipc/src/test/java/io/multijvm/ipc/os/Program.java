package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Bytes;
import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shell script started through {@link Executable}, with pipes for its input and output. */
final class Program implements AutoCloseable {
    private final int pid;
    private final Descriptor input;
    private final Descriptor output;
    private boolean reaped;

    private Program(int pid, Descriptor input, Descriptor output) {
        this.pid = pid;
        this.input = input;
        this.output = output;
    }

    static Program start(String script, Descriptor... more) throws IOException {
        return start(script, Map.of("PATH", System.getenv("PATH")), null, 0, more);
    }

    static Program start(String script, Map<String, String> environment, Path directory, int group, Descriptor... more)
            throws IOException {
        Descriptor[] in = Descriptor.pipe();
        Descriptor[] out = Descriptor.pipe();
        try (Descriptor stdin = in[0];
                Descriptor stdout = out[1];
                Descriptor stderr = stdout.duplicate()) {
            var descriptors = new ArrayList<>(List.of(stdin, stdout, stderr));
            descriptors.addAll(List.of(more));
            int pid = new Executable(List.of("/bin/sh", "-c", script), environment, directory, descriptors, group)
                    .spawn();
            return new Program(pid, in[1], out[0]);
        } catch (IOException e) {
            in[1].close();
            out[0].close();
            throw e;
        }
    }

    int pid() {
        return pid;
    }

    void endInput() {
        input.close();
    }

    /** All that it writes, until it and whoever it started have closed their output. */
    String output() throws IOException {
        return new String(Bytes.readAll(output), StandardCharsets.UTF_8);
    }

    /** Waits for its end. */
    ExitStatus end() throws IOException {
        try (Descriptor watch = ProcessControl.watch(pid)) {
            assertThat(watch.awaitReadable(Deadline.never())).isTrue();
        }
        reaped = true;
        return ExitStatus.reap(pid);
    }

    @Override
    public void close() throws IOException {
        if (!reaped) {
            ProcessControl.signal(pid, ProcessControl.SIGKILL);
            end();
        }
        input.close();
        output.close();
    }
}

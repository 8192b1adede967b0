package io.multijvm.samples;

import io.multijvm.process.JvmProcess;
import java.util.List;

/**
 * A process as a class: a subclass of {@link JvmProcess} has fields of its own and overrides {@code run()}.
 *
 * <p>Expect: three chats in three processes, since {@code start()} runs {@code run()} there; then one chat under the
 * pid of the main process, since calling {@code run()} directly is an ordinary method call.
 */
public final class ProcSubclass {
    private ProcSubclass() {}

    public static void main(String[] args) throws Exception {
        System.out.println("main process: pid " + ProcessHandle.current().pid());
        var chats = List.of(new Chat("ann"), new Chat("bob"), new Chat("cy"));
        for (var chat : chats) {
            chat.start();
        }
        for (var chat : chats) {
            chat.join();
        }
        new Chat("nobody else").run();
    }

    private static final class Chat extends JvmProcess {
        private static final long serialVersionUID = 1L;

        private final String person;

        Chat(String person) {
            this.person = person;
        }

        @Override
        public void run() {
            System.out.println("pid " + ProcessHandle.current().pid() + " is chatting with " + person);
        }
    }
}

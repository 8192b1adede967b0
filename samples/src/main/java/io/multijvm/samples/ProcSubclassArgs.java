package io.multijvm.samples;

import io.multijvm.process.JvmProcess;

/**
 * What a process object was built with is there in the child: the object itself travels.
 *
 * <p>Expect: the child prints the arguments that the parent gave to the constructor.
 */
public final class ProcSubclassArgs {
    private ProcSubclassArgs() {}

    public static void main(String[] args) throws Exception {
        var child = new MyProcess("xxx", "yyy");
        child.start();
        child.join();
    }

    private static final class MyProcess extends JvmProcess {
        private static final long serialVersionUID = 1L;

        private final String[] arguments;

        MyProcess(String... arguments) {
            this.arguments = arguments.clone();
        }

        @Override
        public void run() {
            System.out.println("running in the child with the arguments " + String.join(", ", arguments));
        }
    }
}

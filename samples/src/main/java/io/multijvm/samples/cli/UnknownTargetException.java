package io.multijvm.samples.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** There is nothing of the name that a command was given; the message ends with what to do. */
final class UnknownTargetException extends ParameterException {
    private static final long serialVersionUID = 1L;

    UnknownTargetException(CommandLine command, String what, String hint) {
        super(command, what + System.lineSeparator() + "try: " + hint);
    }
}

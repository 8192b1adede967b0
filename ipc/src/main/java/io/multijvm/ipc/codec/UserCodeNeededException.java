package io.multijvm.ipc.codec;

/** Thrown by {@link Codec#decodePlain} for a value that takes code of the program to decode. */
public final class UserCodeNeededException extends Exception {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack
    private static final UserCodeNeededException INSTANCE = new UserCodeNeededException();

    private UserCodeNeededException() {
        super("the value takes code of the program to decode", null, false, false);
    }

    /** The one there is; it is thrown too often to have a stack. */
    public static UserCodeNeededException of() {
        return INSTANCE;
    }
}

package io.multijvm.manager;

/** What can be asked of a server itself. */
enum ServerVerb {
    /** Protocol, client: the first message on a connection. Answered with the server's id. */
    HELLO,
    /** Kind, arguments: makes an object. */
    CREATE,
    /** Interface's name, arguments: makes an object of a registered type. */
    CREATE_OWN,
    /** {@link Registration}: makes a type known. */
    REGISTER,
    /** Object: keeps it for somebody to whom it is under way. Answered with the token to be shown on arrival. */
    PIN,
    /** Object, token: the client has it from now on. */
    ATTACH,
    /** Object, how often the client had been given it, and so on. Not answered. */
    RELEASE,
    /** The client's run directory: for a {@link Hatch}. Answered with where that and the bell are, or null. */
    HATCH,
    /** Number, of a call by hatch: the thread of the client that waits for an answer was interrupted. Not answered. */
    CANCEL,
    /** The client is about to end in order. Not answered. */
    GOODBYE,
    /** Answered with counts of what the server has. */
    STATISTICS,
    /** Ends the server. */
    SHUTDOWN;

    static final ServerVerb[] ALL = values();

    boolean isAnswered() {
        return this != RELEASE && this != CANCEL && this != GOODBYE;
    }
}

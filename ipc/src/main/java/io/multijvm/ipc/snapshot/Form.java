package io.multijvm.ipc.snapshot;

/** How an object is copied. The order is that of the tags in a snapshot. */
enum Form {
    /** Made without a constructor, then field by field. */
    FIELDS,
    /** An array of objects, element by element. */
    ARRAY,
    /** An array of primitives, whole. */
    PRIMITIVES,
    STRING,
    /** A number in a box that the JDK has only one of. */
    BOX,
    /** The receiver's constant of that name; with its own fields if it is the application's. */
    ENUM,
    /** The receiver's class of that name. */
    CLASS,
    /** A method, constructor or field. */
    MEMBER,
    /** The thread that takes the snapshot: the receiver's main thread. */
    FORKING_THREAD,
    /** Any other thread: one that has ended, or was never started. */
    THREAD,
    /** An open file: another descriptor of the same open file description. */
    FILE,
    /** A map that finds by hash: its entries, put in again. */
    MAP,
    /** An immutable set or map that finds by hash. */
    IMMUTABLE,
    /** A lambda: another of the same body. */
    LAMBDA,
    PROXY,
    /** A stream of a socket, asked of the socket's copy. */
    SOCKET_STREAM,
    /** What the receiver has, or makes, by a name. */
    NAMED,
    /** As it would travel in a message: a handle of ours, a channel, a value that only makes sense whole. */
    CODEC,
    /** Memory outside the heap. */
    BUFFER,
    /** The value of a static final field of the JDK: what the receiver has there. */
    CONSTANT,
    /** Is null in the copy. */
    NOTHING,
    REFUSED;

    private static final Form[] ALL = values();

    static Form of(int tag) {
        return ALL[tag];
    }

    /** Whether it is made last of all, of objects that exist by then. */
    boolean isBuilt() {
        return this == LAMBDA || this == PROXY || this == SOCKET_STREAM;
    }
}

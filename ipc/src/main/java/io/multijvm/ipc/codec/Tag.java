package io.multijvm.ipc.codec;

/** What the first byte of an encoded value says of the rest. */
final class Tag {
    static final int SERIALISED = 0;
    static final int NULL = 1;
    static final int FALSE = 2;
    static final int TRUE = 3;
    static final int INT = 4;
    static final int LONG = 5;
    static final int DOUBLE = 6;
    static final int STRING = 7;
    static final int BYTE = 8;
    static final int SHORT = 9;
    static final int FLOAT = 10;
    static final int CHAR = 11;
    static final int BIG_INTEGER = 12;
    static final int BIG_DECIMAL = 13;
    static final int UUID = 14;
    static final int INSTANT = 15;
    static final int DURATION = 16;
    static final int LOCAL_DATE = 17;
    static final int LOCAL_TIME = 18;
    static final int LOCAL_DATE_TIME = 19;
    static final int ENUM = 20;
    static final int RECORD = 21;
    static final int RECORD_AGAIN = 22;
    static final int HANDLE = 23;
    static final int HANDLE_AGAIN = 24;

    static final int BYTES = 30;
    static final int BOOLEANS = 31;
    static final int CHARS = 32;
    static final int SHORTS = 33;
    static final int INTS = 34;
    static final int LONGS = 35;
    static final int FLOATS = 36;
    static final int DOUBLES = 37;
    static final int STRINGS = 38;
    static final int OBJECTS = 39;

    static final int ARRAY_LIST = 50;
    static final int ARRAY_DEQUE = 51;
    static final int HASH_SET = 52;
    static final int LINKED_HASH_SET = 53;
    static final int TREE_SET = 54;
    static final int HASH_MAP = 55;
    static final int LINKED_HASH_MAP = 56;
    static final int TREE_MAP = 57;
    static final int LIST_OF = 58;
    static final int LIST_WITH_NULLS = 59;
    static final int SET_OF = 60;
    static final int MAP_OF = 61;

    private Tag() {}
}

package io.multijvm.manager;

/** An object under its number. Whoever refers to it, keeps it; the table of all does not. */
final class Entry {
    private final LocalServer server;
    private final long number;
    private final Kind kind;
    private final String detail;
    private final ServedObject object;

    Entry(LocalServer server, long number, Kind kind, String detail, ServedObject object) {
        this.server = server;
        this.number = number;
        this.kind = kind;
        this.detail = detail;
        this.object = object;
    }

    long number() {
        return number;
    }

    ServedObject object() {
        return object;
    }

    /** It, as this process refers to it. */
    Remote remote() {
        return new Remote(server, number, kind, detail, this);
    }

    @Override
    public String toString() {
        return kind.pythonName() + " " + number;
    }
}

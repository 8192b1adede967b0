package io.multijvm.manager;

/** Where the classes of what arrives are looked for. */
final class Loaders {
    private Loaders() {}

    static ClassLoader current() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? ClassLoader.getSystemClassLoader() : context;
    }
}

package io.multijvm.ipc.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Classes that no class path has: of a source file that is run as it is, of a shell, of plug-ins, compiled in memory.
 *
 * <p>Their loaders are known from the objects that were encoded here. Who is sent such an object and does not find a class
 * asks the other processes of its family ({@link Exchange}), which look into their loaders. All of that costs nothing as
 * long as every class is found.
 */
public final class ForeignClasses {
    private static final ClassLoader SYSTEM = ClassLoader.getSystemClassLoader();
    private static final @Nullable ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();
    private static final Met MET = new Met();

    private ForeignClasses() {}

    /** This process's way to the other processes of its family. */
    public interface Exchange {
        /** A loader was met whose classes others may ask for. */
        void offer();

        /** Has what the others have. */
        ClassLoader elsewhere();

        /** Whether a loader is {@link #elsewhere}, so that others need not be offered what it has. */
        boolean isElsewhere(ClassLoader loader);
    }

    /** The loaders met here, and the way to the other processes: either comes first, and both on any thread. */
    static final class Met {
        final List<WeakReference<ClassLoader>> loaders = new CopyOnWriteArrayList<>();
        volatile @Nullable Exchange exchange; // written, as loaders are, by who holds this

        synchronized void exchange(Exchange way) {
            exchange = way;
            if (!loaders.isEmpty()) {
                way.offer();
            }
        }

        /** Nothing of a loader leaves before others can ask for its classes, whichever thread has met it first. */
        void loader(ClassLoader loader) {
            if (isNew(loader)) {
                offer(loader);
            }
        }

        private synchronized void offer(ClassLoader loader) {
            Exchange way = exchange;
            if ((way != null && way.isElsewhere(loader)) || !isNew(loader)) {
                return;
            }
            if (way != null) {
                way.offer();
            }
            loaders.add(0, new WeakReference<>(loader)); // the youngest is asked first
        }

        private boolean isNew(ClassLoader loader) {
            loaders.removeIf(known -> known.refersTo(null));
            return loaders.stream().noneMatch(known -> known.refersTo(loader));
        }
    }

    /** Sets the way to the other processes. */
    public static void exchange(Exchange way) {
        MET.exchange(way);
    }

    /** Notes the loader of a class that is sent, unless everybody has it; returns whether others may have to ask for it. */
    public static boolean met(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        boolean isForeign = loader != null && loader != SYSTEM && loader != PLATFORM;
        if (isForeign) {
            MET.loader(loader);
        }
        return isForeign;
    }

    /** The class of that name as {@code loader} has it, or one of the program's own loaders, or another process. */
    public static Class<?> find(String name, ClassLoader loader) throws ClassNotFoundException {
        return KnownClasses.load(name, loader);
    }

    /** As {@link #find}, where nobody is to be asked who has been already. */
    static Class<?> search(String name, ClassNotFoundException reason) throws ClassNotFoundException {
        for (WeakReference<ClassLoader> known : MET.loaders) {
            ClassLoader loader = known.get();
            if (loader != null) {
                try {
                    return Class.forName(name, false, loader);
                } catch (ClassNotFoundException e) {
                    reason.addSuppressed(e);
                }
            }
        }
        Exchange way = MET.exchange;
        if (way == null) {
            throw reason;
        }
        return Class.forName(name, false, way.elsewhere());
    }

    /** Has what the class path has and what the other processes have; {@code otherwise} where there are no others. */
    public static ClassLoader elsewhere(ClassLoader otherwise) {
        Exchange way = MET.exchange;
        return way == null ? otherwise : way.elsewhere();
    }

    /**
     * The bytes of a class file or other resource of the loaders met here; null when none of them has it. A loader that
     * fails keeps none of the others from being asked.
     *
     * @throws IOException when none has it and a loader has failed, which may have thrown anything
     */
    public static byte @Nullable [] resource(String name) throws IOException {
        IOException failure = null;
        for (WeakReference<ClassLoader> known : MET.loaders) {
            ClassLoader loader = known.get();
            if (loader != null) {
                try (InputStream in = loader.getResourceAsStream(name)) {
                    if (in != null) {
                        return in.readAllBytes();
                    }
                } catch (IOException | RuntimeException | Error e) {
                    failure = new IOException("a class loader fails to give " + name, e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return null;
    }
}

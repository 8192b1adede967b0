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
    private static final List<WeakReference<ClassLoader>> LOADERS = new CopyOnWriteArrayList<>();

    private static volatile @Nullable Exchange exchange;

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

    /** Sets the way to the other processes. */
    public static void exchange(Exchange way) {
        exchange = way;
        if (!LOADERS.isEmpty()) {
            way.offer();
        }
    }

    /** Notes the loader of a class that is sent, unless everybody has it; returns whether others may have to ask for it. */
    public static boolean met(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        boolean isForeign = loader != null && loader != SYSTEM && loader != PLATFORM;
        if (isForeign) {
            metForeign(loader);
        }
        return isForeign;
    }

    /** Nothing of a loader leaves before others can ask for its classes, whichever thread has met it first. */
    private static void metForeign(ClassLoader loader) {
        if (!isNew(loader)) {
            return;
        }
        synchronized (LOADERS) {
            Exchange way = exchange;
            if ((way != null && way.isElsewhere(loader)) || !isNew(loader)) {
                return;
            }
            if (way != null) {
                way.offer();
            }
            LOADERS.add(0, new WeakReference<>(loader)); // the youngest is asked first
        }
    }

    private static boolean isNew(ClassLoader loader) {
        LOADERS.removeIf(known -> known.refersTo(null));
        return LOADERS.stream().noneMatch(known -> known.refersTo(loader));
    }

    /** The class of that name as {@code loader} has it, or one of the program's own loaders, or another process. */
    public static Class<?> find(String name, ClassLoader loader) throws ClassNotFoundException {
        return KnownClasses.load(name, loader);
    }

    /** As {@link #find}, where nobody is to be asked who has been already. */
    static Class<?> search(String name, ClassNotFoundException reason) throws ClassNotFoundException {
        for (WeakReference<ClassLoader> known : LOADERS) {
            ClassLoader loader = known.get();
            if (loader != null) {
                try {
                    return Class.forName(name, false, loader);
                } catch (ClassNotFoundException e) {
                    reason.addSuppressed(e);
                }
            }
        }
        Exchange way = exchange;
        if (way == null) {
            throw reason;
        }
        return Class.forName(name, false, way.elsewhere());
    }

    /** Has what the class path has and what the other processes have; {@code otherwise} where there are no others. */
    public static ClassLoader elsewhere(ClassLoader otherwise) {
        Exchange way = exchange;
        return way == null ? otherwise : way.elsewhere();
    }

    /** The bytes of a class file or other resource of the loaders met here; null when none of them has it. */
    public static byte @Nullable [] resource(String name) throws IOException {
        for (WeakReference<ClassLoader> known : LOADERS) {
            ClassLoader loader = known.get();
            if (loader != null) {
                try (InputStream in = loader.getResourceAsStream(name)) {
                    if (in != null) {
                        return in.readAllBytes();
                    }
                }
            }
        }
        return null;
    }
}

package io.multijvm.launcher;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** Loads what this process's class path does not have from the other processes of the family. */
final class FamilyClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final FamilyClasses classes;

    FamilyClassLoader(FamilyClasses classes) {
        super(ClassLoader.getSystemClassLoader());
        this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            byte[] content = classes.read(name.replace('.', '/') + ".class");
            if (content == null) {
                throw new ClassNotFoundException(
                        name + ", neither on the class path nor as a resource of a class loader of another process");
            }
            return defineClass(name, content, 0, content.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        Path file = classes.find(name);
        try {
            return file == null ? null : file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError("every file has a URL", e);
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return found == null
                ? Collections.emptyEnumeration()
                : Collections.enumeration(Collections.singletonList(found));
    }
}

package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Every process has an authentication key of 32 random bytes, which its children inherit; connections between the
 * processes of a family are opened with it.
 *
 * <p>Expect: the main process, its child and its grandchild report the same digest (of the key, which itself is shown
 * to nobody); another run of the program reports another one.
 */
public final class ProcAuthkey {
    private ProcAuthkey() {}

    public static void main(String[] args) throws Exception {
        System.out.println("key length: " + MultiJvm.currentProcess().authKey().length);
        var own = digestOfKey();
        System.out.println("digest in the main process: " + own);

        var pipe = MultiJvm.pipe(false);
        var report = pipe.writer();
        var child = MultiJvm.process(() -> reportWithChild(report));
        child.start();
        var childs = pipe.reader().recv(String.class);
        var grandchilds = pipe.reader().recv(String.class);
        child.join();
        System.out.println("digest in the child: " + childs);
        System.out.println("digest in the grandchild: " + grandchilds);
        System.out.println("all the same: " + (own.equals(childs) && own.equals(grandchilds)));
    }

    private static void reportWithChild(Connection report) throws Exception {
        report.send(digestOfKey());
        var grandchild = MultiJvm.process(() -> report.send(digestOfKey()));
        grandchild.start();
        grandchild.join();
    }

    private static String digestOfKey() throws GeneralSecurityException {
        var key = MultiJvm.currentProcess().authKey();
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
    }
}

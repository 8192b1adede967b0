package io.multijvm.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;

/** Finding, on arrival, the memory of an object that another process has sent. */
final class Passage {
    private Passage() {}

    static Block arrived(Block.Ref ref) throws ObjectStreamException {
        try {
            return ProcessContext.domain().attach(ref);
        } catch (IOException e) {
            var gone =
                    new InvalidObjectException("the shared object is gone, or of another program: " + e.getMessage());
            gone.initCause(e);
            throw gone;
        }
    }
}

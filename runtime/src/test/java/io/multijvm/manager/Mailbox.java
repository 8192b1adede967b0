package io.multijvm.manager;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/** An own type whose calls wait; with what tests need to know of its server. */
interface Mailbox {
    String take() throws InterruptedException;

    void put(String letter);

    /** How many are in {@link #take}. */
    int waiting();

    /** How often somebody was interrupted there. */
    int interrupted();

    /** A mailbox in this one. */
    Mailbox inner();

    Mailbox itself();

    Iterator<Integer> numbers(int count);

    void fail(String message) throws UserException;

    Object unsendable();

    boolean isInner(Mailbox mailbox);

    void collectGarbage();

    long pid();

    /** What a program throws. */
    final class UserException extends Exception {
        private static final long serialVersionUID = 1;

        UserException(String message) {
            super(message);
        }
    }

    /** The one there is. */
    final class InMemory implements Mailbox {
        private final ArrayDeque<String> letters = new ArrayDeque<>();
        private int waiting;
        private int interrupted;
        private Mailbox inner;

        InMemory() {}

        InMemory(String first, Integer times) {
            for (int i = 0; i < times; i++) {
                letters.add(first);
            }
        }

        @Override
        public synchronized String take() throws InterruptedException {
            waiting++;
            try {
                while (letters.isEmpty()) {
                    wait();
                }
                return letters.remove();
            } catch (InterruptedException e) {
                interrupted++;
                throw e;
            } finally {
                waiting--;
            }
        }

        @Override
        public synchronized void put(String letter) {
            letters.add(letter);
            notifyAll();
        }

        @Override
        public synchronized int waiting() {
            return waiting;
        }

        @Override
        public synchronized int interrupted() {
            return interrupted;
        }

        @Override
        public synchronized Mailbox inner() {
            if (inner == null) {
                inner = new InMemory();
            }
            return inner;
        }

        @Override
        public Mailbox itself() {
            return this;
        }

        @Override
        public Iterator<Integer> numbers(int count) {
            return java.util.stream.IntStream.range(0, count).iterator();
        }

        @Override
        public void fail(String message) throws UserException {
            throw new UserException(message);
        }

        @Override
        public Object unsendable() {
            return List.of(new Object());
        }

        @Override
        public boolean isInner(Mailbox mailbox) {
            mailbox.put("is it you?");
            return ((InMemory) inner()).letters.contains("is it you?");
        }

        @Override
        public void collectGarbage() {
            System.gc();
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }
    }
}

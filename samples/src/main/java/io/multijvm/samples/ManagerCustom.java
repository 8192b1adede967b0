package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.Manager;
import java.util.ArrayList;
import java.util.List;

/**
 * A class of the program's own, whose objects live in the server, used by its interface.
 *
 * <p>Expect: two children and their parent use one account, which the second child gets from a dict of the same manager. What the account refuses arrives as the exception that it has thrown.
 */
public final class ManagerCustom {
    private ManagerCustom() {}

    /** What may be done to an account, wherever it is. */
    public interface Account {
        void deposit(String who, int amount);

        int withdraw(int amount) throws OverdrawnException;

        List<String> depositors();

        long serverPid();
    }

    /** The account itself; calls come from many threads. */
    public static final class SimpleAccount implements Account {
        private final List<String> depositors = new ArrayList<>();
        private int balance;

        public SimpleAccount(int balance) {
            this.balance = balance;
        }

        @Override
        public synchronized void deposit(String who, int amount) {
            depositors.add(who);
            balance += amount;
        }

        @Override
        public synchronized int withdraw(int amount) throws OverdrawnException {
            if (amount > balance) {
                throw new OverdrawnException("balance " + balance + ", wanted " + amount);
            }
            balance -= amount;
            return balance;
        }

        @Override
        public synchronized List<String> depositors() {
            return depositors;
        }

        @Override
        public long serverPid() {
            return ProcessHandle.current().pid();
        }
    }

    /** Too little is there. */
    public static final class OverdrawnException extends Exception {
        private static final long serialVersionUID = 1;

        OverdrawnException(String message) {
            super(message);
        }
    }

    public static void main(String[] args) throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            manager.register(Account.class, SimpleAccount.class);
            Account account = manager.create(Account.class, 100);

            var first = MultiJvm.process(() -> account.deposit("first", 10));
            first.start();
            first.joinOrThrow();

            var known = manager.<String, Account>dict();
            known.put("account", account);
            var second = MultiJvm.process(() -> known.get("account").deposit("second", 20));
            second.start();
            second.joinOrThrow();

            System.out.println("deposits of: " + account.depositors());
            System.out.println("left: " + account.withdraw(30));
            System.out.println("lives in the server: "
                    + (account.serverPid() == manager.process().orElseThrow().pid()));
            try {
                account.withdraw(1_000);
            } catch (OverdrawnException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}

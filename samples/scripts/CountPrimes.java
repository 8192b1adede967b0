import io.multijvm.MultiJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A worker script: one file, no project, no build. Run it with
 *
 * <pre>
 * scripts/multijvm run samples/scripts/CountPrimes.java 200000
 * scripts/multijvm run --processes 4 --heap 128m --start-method spawn samples/scripts/CountPrimes.java 200000
 * </pre>
 *
 * <p>It counts the primes below a number. The numbers are cut into pieces, and a pool of JVMs counts the primes of each: as many
 * JVMs as there are processors, or as {@code --processes} says. They have the class of this file from the process that
 * compiled it.
 */
class CountPrimes {
    /** What a worker says of a piece: how many primes there are and which process has counted them. */
    record Count(long from, long to, long primes, long pid) implements java.io.Serializable {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: CountPrimes.java NUMBER");
            System.exit(2);
        }
        long end = Long.parseLong(args[0]);
        long size = end / 8 + 1;
        List<Long> begins = new ArrayList<>();
        for (long begin = 0; begin < end; begin += size) {
            begins.add(begin);
        }
        try (var pool = MultiJvm.pool()) {
            long primes = 0;
            for (var count : pool.map(begin -> count(begin, Math.min(begin + size, end)), begins)) {
                System.out.println(
                        count.from + " to " + count.to + ": " + count.primes + ", by process " + count.pid);
                primes += count.primes;
            }
            System.out.println("primes below " + end + ": " + primes);
        }
    }

    private static Count count(long from, long to) {
        long primes = LongStream.range(from, to).filter(CountPrimes::isPrime).count();
        return new Count(from, to, primes, ProcessHandle.current().pid());
    }

    private static boolean isPrime(long number) {
        return number > 1
                && LongStream.rangeClosed(2, (long) Math.sqrt(number)).noneMatch(divisor -> number % divisor == 0);
    }
}

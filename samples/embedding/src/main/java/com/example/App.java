package com.example;

/** The application: {@code java -cp … com.example.App 100000}. */
public final class App {
    private App() {}

    public static void main(String[] args) throws InterruptedException {
        int limit = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
        try (var primes = new PrimeCounter(2)) {
            System.out.println(primes.below(limit) + " primes below " + limit + ", counted by "
                    + primes.workers().size() + " processes");
        }
    }
}

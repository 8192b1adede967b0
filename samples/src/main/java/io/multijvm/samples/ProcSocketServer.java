package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A TCP server that hands each accepted socket to a child process, and closes its own copy.
 *
 * <p>Expect: three clients, connected at the same time, get what they send in upper case, each from another process,
 * none of which is the server's.
 */
public final class ProcSocketServer {
    private static final int CLIENTS = 3;

    private ProcSocketServer() {}

    public static void main(String[] args) throws Exception {
        System.out.println("server: pid " + ProcessHandle.current().pid());
        try (var server = new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress())) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Socket(server.getInetAddress(), server.getLocalPort()));
            }
            for (int i = 0; i < CLIENTS; i++) {
                try (Socket accepted = server.accept()) {
                    MultiJvm.process(() -> talk(accepted)).start();
                } // closed here: the child has its own
            }
            for (int i = 0; i < CLIENTS; i++) {
                System.out.println("client " + i + ": " + ask(clients.get(i), "hello " + i));
            }
            for (int i = 0; i < CLIENTS; i++) {
                System.out.println("client " + i + ": " + ask(clients.get(i), "bye " + i));
                clients.get(i).close();
            }
        }
    }

    private static String ask(Socket client, String question) throws IOException {
        client.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** Runs in a child, until its client has gone. */
    private static void talk(Socket client) throws IOException {
        long pid = ProcessHandle.current().pid();
        try (client;
                var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                var out = new PrintWriter(client.getOutputStream(), true, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(line.toUpperCase(Locale.ROOT) + ", says pid " + pid);
            }
        }
    }
}

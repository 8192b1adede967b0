package io.multijvm.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Two crawlers: workers fetch pages, the parent's callbacks parse them. Nothing waits for the network but workers.
 *
 * <p>Expect: the pages of a local server are fetched by workers and parsed in the parent: the size of each, and the films of a
 * board, for which a compiled pattern goes to the worker and back.
 */
public final class PoolCrawl {
    private static final int PAGES = 5;
    private static final int FILMS = 3;
    private static final Pattern FILM = Pattern.compile(
            "<dd>.*?class=\"board-index\">(\\d+)</i>.*?title=\"(.*?)\".*?class=\"star\">(.*?)</p>.*?"
                    + "class=\"releasetime\">(.*?)</p>",
            Pattern.DOTALL);

    private PoolCrawl() {}

    public static void main(String[] args) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/page/",
                exchange -> answer(
                        exchange,
                        "page ".repeat(exchange.getRequestURI().getPath().length())));
        server.createContext("/board", exchange -> answer(exchange, board()));
        server.start();
        try {
            crawl("http://127.0.0.1:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static void crawl(String site) throws Exception {
        System.out.println("main process: " + pid());
        try (var pool = MultiJvm.pool(3)) {
            List<AsyncResult<Page>> pages = new ArrayList<>();
            for (int i = 0; i < PAGES; i++) {
                var url = site + "/page/" + "x".repeat(i);
                pages.add(pool.applyAsync(() -> get(url), PoolCrawl::showSize));
            }
            pages.add(pool.applyAsync(() -> get(site + "/board", FILM), PoolCrawl::showFilms));
            for (var page : pages) {
                page.get();
            }
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String board() {
        return IntStream.rangeClosed(1, FILMS)
                .mapToObj(n -> "<dd>\n<i class=\"board-index\">" + n + "</i><a title=\"Film " + n + "\"></a>\n"
                        + "<p class=\"star\">Star " + n + "</p><p class=\"releasetime\">200" + n + "</p></dd>")
                .collect(Collectors.joining("\n"));
    }

    /** A page, and how it is to be read. */
    private record Page(String url, String text, Pattern pattern) implements Serializable {}

    private static Page get(String url) throws IOException {
        return get(url, Pattern.compile("page"));
    }

    private static Page get(String url, Pattern pattern) throws IOException {
        System.out.println("process " + pid() + " gets " + URI.create(url).getPath());
        try (var in = URI.create(url).toURL().openStream()) {
            return new Page(url, new String(in.readAllBytes(), StandardCharsets.UTF_8), pattern);
        }
    }

    private static void showSize(Page page) {
        System.out.println("process " + pid() + " parses "
                + URI.create(page.url).getPath() + ", size " + page.text.length() + ", matches "
                + page.pattern.matcher(page.text).results().count());
    }

    private static void showFilms(Page page) {
        var films = page.pattern.matcher(page.text);
        while (films.find()) {
            System.out.println("process " + pid() + " has found " + films.group(1) + ": " + films.group(2) + ", "
                    + films.group(3) + ", " + films.group(4));
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}

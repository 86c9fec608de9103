package dev.plinth.rag.connectors.web;

import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.rag.text.Sha256;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A web server with pages that a test writes; what is not there is 404. */
final class TestSite implements AutoCloseable {
    private final StubServer server = StubServer.start();
    private final Map<String, Function<? super StubRequest, StubAnswer>> pages = new TreeMap<>();

    TestSite() {
        server.otherwise(this::answer);
    }

    private synchronized StubAnswer answer(StubRequest request) {
        Function<? super StubRequest, StubAnswer> page = pages.get(request.target());
        return page == null ? StubAnswer.text(404, "not here") : page.apply(request);
    }

    URI url(String target) {
        return server.url(target);
    }

    String id(String target) {
        return url(target).toString();
    }

    StubServer server() {
        return server;
    }

    synchronized TestSite answer(String target, StubAnswer answer) {
        pages.put(target, request -> answer);
        return this;
    }

    synchronized TestSite remove(String target) {
        pages.remove(target);
        return this;
    }

    /** An HTML page, with an ETag. */
    TestSite html(String target, String html) {
        return tagged(
                target, StubAnswer.of(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)), html);
    }

    TestSite xml(String target, String xml) {
        return answer(target, StubAnswer.of(200, "application/xml", xml.getBytes(StandardCharsets.UTF_8)));
    }

    TestSite robots(String... lines) {
        return answer("/robots.txt", StubAnswer.text(200, String.join("\n", lines)));
    }

    synchronized TestSite tagged(String target, StubAnswer answer, String content) {
        String etag = "\"" + Sha256.of(content.getBytes(StandardCharsets.UTF_8)).substring(0, 8) + "\"";
        pages.put(
                target,
                request -> request.header("if-none-match").filter(etag::equals).isPresent()
                        ? StubAnswer.of(304, "text/html", new byte[0])
                        : answer.header("ETag", etag));
        return this;
    }

    synchronized List<String> targets() {
        return List.copyOf(pages.keySet());
    }

    /** What was asked for so far, in order. */
    List<String> asked() {
        return server.requests().stream().map(StubRequest::target).toList();
    }

    @Override
    public void close() {
        server.close();
    }
}

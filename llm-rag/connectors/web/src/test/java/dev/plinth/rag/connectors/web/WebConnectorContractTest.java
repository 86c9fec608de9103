package dev.plinth.rag.connectors.web;

import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.DocumentSource;
import dev.plinth.api.testkit.StubAnswer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;

class WebConnectorContractTest {
    private abstract static class Suite extends ConnectorContract {
        @Override
        protected Set<Behavior> unsupported() {
            return EnumSet.of(Behavior.TOTAL, Behavior.READERS, Behavior.CREDENTIALS);
        }
    }

    private abstract static class Source implements DocumentSource {
        final TestSite site = new TestSite();
        final Map<String, String> texts = new TreeMap<>();
        private boolean hanging;

        private WebConnector.Builder builder() {
            return WebConnector.of(site.url("/")).pageSize(3).delay(Duration.ZERO);
        }

        @Override
        public Connector connect() {
            return builder().build();
        }

        @Override
        public List<Connector> otherwise() {
            return List.of(
                    builder().readers(Readers.of("group:docs")).build(),
                    builder().html(HtmlParser.ofEverything()).build());
        }

        static String path(String name) {
            return "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        }

        @Override
        public String id(String name) {
            return site.id(path(name));
        }

        @Override
        public void put(String name, String text) {
            texts.put(name, text);
            String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
            site.html(path(name), "<html><body><main><p>" + escaped + "</p></main></body></html>");
            index();
        }

        @Override
        public void remove(String name) {
            texts.remove(name);
            site.remove(path(name));
            index();
        }

        @Override
        public void deny(String name) {
            site.answer(path(name), StubAnswer.text(403, "not for you"));
        }

        @Override
        public void damage(String name) {
            site.answer(path(name), StubAnswer.text(500, "broken"));
        }

        abstract void index();

        @Override
        public void disappear() {
            site.server().otherwise(request -> StubAnswer.hangUp());
        }

        @Override
        public void hang() {
            site.server().otherwise(request -> StubAnswer.silence());
        }

        @Override
        public Object state() {
            return site.targets();
        }

        @Override
        public void close() {
            site.close();
        }
    }

    @Nested
    class ByLinks extends Suite {
        @Override
        protected DocumentSource source() {
            Source source = new Source() {
                @Override
                void index() {
                    StringBuilder links = new StringBuilder("<meta name=robots content=noindex><ul>");
                    texts.keySet().forEach(name -> links.append("<li><a href=\"" + path(name) + "\">page</a></li>"));
                    site.html("/", links.append("</ul>").toString());
                }
            };
            source.index();
            return source;
        }
    }

    @Nested
    class BySitemap extends Suite {
        @Override
        protected DocumentSource source() {
            Source source = new Source() {
                private long now = 1_700_000_000_000L;
                private final Map<String, Long> changed = new TreeMap<>();

                @Override
                public void put(String name, String text) {
                    changed.put(name, now += 1000);
                    super.put(name, text);
                }

                /** A page whose time is the same is not asked for. */
                @Override
                public void deny(String name) {
                    changed.put(name, now += 1000);
                    super.deny(name);
                    index();
                }

                @Override
                void index() {
                    site.html("/", "<meta name=robots content='noindex, nofollow'>Welcome");
                    StringBuilder list =
                            new StringBuilder("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
                    texts.keySet()
                            .forEach(name -> list.append("<url><loc>" + id(name) + "</loc><lastmod>"
                                    + java.time.Instant.ofEpochMilli(changed.get(name)) + "</lastmod></url>"));
                    site.xml("/sitemap.xml", list.append("</urlset>").toString());
                }
            };
            source.index();
            return source;
        }
    }
}

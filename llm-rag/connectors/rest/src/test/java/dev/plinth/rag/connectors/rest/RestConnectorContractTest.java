package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.tck.ConnectorContract;
import dev.plinth.api.tck.DocumentSource;
import dev.plinth.api.testkit.StubAnswer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;

class RestConnectorContractTest {
    private static final String TEMPLATE = """
            {
              "about": "a made up API",
              "parameters": { "view": "all" },
              "list": {
                "request": { "path": "/docs", "query": { "since": "{$since}", "limit": "{$limit}", %s } },
                "items": "docs",
                "next": { %s }
              },
              "changes": { "field": "changed", "format": "seconds", "first": "0", "overlap": "PT0S" },
              "item": { "id": ["id"], "version": "{rev}", "deleted": "deleted" },
              "fetch": { "request": { "path": "/docs/{$id/0}" } },
              "document": {
                "title": "Document {id}", "url": "/{id}", "modified": "changed",
                "text": { "values": ["text"], "type": "text/plain" }
              },
              "readers": { "names": { "user": ["readers/users/*"], "group": ["readers/groups/*"] } }
            }
            """;

    /** Keeps what is gone, as some APIs do, so that changes can name it. */
    private static final class Source implements DocumentSource {
        private final StubApi api = new StubApi();
        private final Map<String, ObjectNode> docs = new TreeMap<>();
        private final ApiTemplate template;
        private final boolean dated;
        private long clock = 1_700_000_000L;

        Source(ApiTemplate template, boolean dated) {
            this.template = template;
            this.dated = dated;
            api.on("/docs", this::list).on("/docs/", this::one);
        }

        private synchronized StubAnswer list(StubApi.Call call) {
            int limit = Integer.parseInt(call.get("limit"));
            double since = Double.parseDouble(call.get("since"));
            String after = call.get("after");
            List<ObjectNode> fitting = docs.values().stream()
                    .filter(doc -> doc.get("changed").asLong() >= since)
                    .filter(doc -> since > 0 || !doc.has("deleted"))
                    .filter(doc -> doc.get("id").asText().compareTo(after) > 0)
                    .toList();
            List<ObjectNode> page = fitting.subList(0, Math.min(limit, fitting.size()));
            ObjectNode answer = StubApi.JSON.createObjectNode();
            answer.putArray("docs").addAll(page);
            StubAnswer result;
            if (fitting.size() > page.size()) {
                String last = page.get(page.size() - 1).get("id").asText();
                answer.put("more", last);
                String target = "/docs?limit=" + limit + "&since=" + call.get("since") + "&after="
                        + java.net.URLEncoder.encode(last, java.nio.charset.StandardCharsets.UTF_8);
                answer.put("link", target);
                result = StubAnswer.json(answer.toString())
                        .header(
                                "Link",
                                "<" + api.url("/") + ">; rel=\"first\", <" + api.url(target) + ">; rel=\"next\"");
            } else {
                result = StubAnswer.json(answer.toString());
            }
            return dated ? result.header("Date", date()) : result;
        }

        private String date() {
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(clock).atOffset(ZoneOffset.UTC));
        }

        private synchronized StubAnswer one(StubApi.Call call) {
            ObjectNode doc = docs.get(call.lastOfPath());
            if (doc == null || doc.has("deleted")) {
                return StubAnswer.json(404, "{}");
            }
            return StubAnswer.json(doc.has("damaged") ? "{\"id\": " : doc.toString());
        }

        @Override
        public Connector connect() {
            return connectWith(StubApi.SECRET);
        }

        @Override
        public Connector connectWith(String secret) {
            return builder(template).bearer(() -> secret).build();
        }

        private RestConnector.Builder builder(ApiTemplate template) {
            return RestConnector.of(template, api.url("/")).pageSize(3);
        }

        @Override
        public List<Connector> otherwise() {
            return List.of(
                    builder(template).readers(Readers.of("group:docs")).build(),
                    builder(template).parameter("view", "draft").build(),
                    builder(ApiTemplate.of("made up", template.json().replace("Document {id}", "{id}")))
                            .build(),
                    RestConnector.of(template, api.url("/other")).build());
        }

        @Override
        public String secret() {
            return StubApi.SECRET;
        }

        @Override
        public synchronized void put(String name, String text) {
            ObjectNode doc = docs.computeIfAbsent(name, id -> StubApi.JSON.createObjectNode());
            doc.put("id", name).put("text", text).put("rev", text.hashCode()).put("changed", ++clock);
            doc.remove("deleted");
        }

        @Override
        public synchronized void remove(String name) {
            if (docs.containsKey(name)) {
                docs.get(name).put("deleted", true).put("changed", ++clock);
            }
        }

        @Override
        public synchronized void damage(String name) {
            docs.get(name).put("damaged", true);
        }

        @Override
        public synchronized void readers(String name, Readers readers) {
            ObjectNode names = docs.get(name).putObject("readers");
            for (String reader : new TreeSet<>(readers.names())) {
                String[] parts = reader.split(":");
                names.withArray(parts[0] + "s").add(parts[1]);
            }
            docs.get(name).put("changed", ++clock);
        }

        @Override
        public void disappear() {
            api.server().otherwise(request -> StubAnswer.hangUp());
        }

        @Override
        public void hang() {
            api.server().otherwise(request -> StubAnswer.silence());
        }

        @Override
        public synchronized Object state() {
            return docs.toString();
        }

        @Override
        public void close() {
            api.close();
        }
    }

    private abstract static class Suite extends ConnectorContract {
        private final String query;
        private final String next;
        private final boolean dated;

        Suite(String query, String next, boolean dated) {
            this.query = query;
            this.next = next;
            this.dated = dated;
        }

        @Override
        protected DocumentSource source() {
            return new Source(ApiTemplate.of("made up", TEMPLATE.formatted(query, next)), dated);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return EnumSet.of(Behavior.TOTAL, Behavior.DENIALS);
        }
    }

    @Nested
    class ByCursor extends Suite {
        ByCursor() {
            super("\"after\": \"{$next}\"", "\"cursor\": \"more\"", true);
        }
    }

    @Nested
    class ByLink extends Suite {
        ByLink() {
            super("\"view\": \"all\"", "\"link\": \"link\"", false);
        }
    }

    @Nested
    class ByHeader extends Suite {
        ByHeader() {
            super("\"view\": \"all\"", "\"header\": true", true);
        }
    }
}

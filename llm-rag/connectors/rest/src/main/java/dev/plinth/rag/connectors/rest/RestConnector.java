package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.connect.HttpReader;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.text.Sha256;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a REST API lists, as documents.
 *
 * <pre>{@code
 * RestConnector wiki = RestConnector.of(ApiTemplate.confluence(), URI.create("https://example.atlassian.net/wiki"))
 *         .basic("reader@example.com", () -> System.getenv("CONFLUENCE_TOKEN"))
 *         .parameter("cql", "space = HR")
 *         .parser(HtmlParser.ofEverything())
 *         .readers(Readers.of("group:staff"))
 *         .build();
 * }</pre>
 *
 * <p>What the API looks like stands in an {@link ApiTemplate}. Who may read is taken over from the API where the template
 * says how; where the API has nothing to say it is {@link Builder#readers}, and nobody unless that is set.
 *
 * <p>It is taken over when an item is listed, and a list of changes need not name an item of which only the readers have
 * changed: restrictions of a page of Confluence or of one above it, and the members of a channel of Slack, change no item.
 * So {@code Ingestion.runFully} must run as often as a revocation may wait.
 *
 * <p>Credentials go to the host of the base and to no other: a page of a list that is elsewhere is refused, a file that is
 * elsewhere is asked for without them. A server that asks to wait is waited for as long as {@link Builder#patience} lasts.
 * Refused credentials (401) are an {@link AuthenticationException}, and so is a list that may not be read (403).
 *
 * <p>Thread-safe if the parser and the supplier of the secret are.
 */
public final class RestConnector implements Connector {
    private static final int FORBIDDEN = 403;
    private static final int GONE = 410;

    private final String name;
    private final TemplateFile template;
    private final URI base;
    private final Api api;
    private final ItemList list;
    private final ItemText text;
    private final Supplier<ItemReaders> readers;
    private final String fingerprint;

    private RestConnector(Builder builder) {
        this.name = builder.name == null ? builder.template.name() + " " + builder.base : builder.name;
        this.template = builder.template.file();
        this.base = builder.base;
        HttpReader http = new HttpReader(name, List.of(base.getHost()), builder.limits, builder.time);
        this.api = new Api(base, builder.credentials, template, http);
        this.fingerprint = Sha256.of(List.of(
                builder.readers.text(),
                builder.parser.fingerprint(),
                builder.template.json(),
                base.toString(),
                new TreeMap<>(builder.parameters).toString()));
        this.readers = () -> new ItemReaders(template, api, builder.pageSize, builder.readers);
        ObjectNode parameters = Api.object();
        builder.parameters.forEach(parameters.putObject("$parameters")::put);
        this.text = new ItemText(template.document().text(), api, builder.pageSize, builder.parser);
        this.list = new ItemList(template, api, builder.pageSize, parameters, readers, text);
    }

    /**
     * The items of an API.
     *
     * @param base the address that the paths of the template stand behind
     */
    public static Builder of(ApiTemplate template, URI base) {
        return new Builder(template, base);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public Page list(@Nullable String cursor) {
        Interruption.check(name);
        Place place = Place.parse(cursor);
        try {
            return list.page(place);
        } catch (StoreException refused) {
            int status = refused.details().httpStatus().orElse(0);
            if (status == GONE && place.isOfChanges()) {
                return list.page(Place.START); // the API has forgotten where these changes start
            }
            if (status == FORBIDDEN) {
                throw new AuthenticationException(
                        "list: of " + name + " is forbidden (expected: credentials that may read it)",
                        refused.details(),
                        refused);
            }
            throw refused;
        }
    }

    @Override
    public Document fetch(Item item) {
        Interruption.check(name);
        ObjectNode context = list.contextOf(item.id());
        if (context == null) {
            throw notThere(item);
        }
        JsonNode answer =
                api.json(api.request(template.fetch().request(), context)).body();
        String place = template.fetch().item() == null ? "" : template.fetch().item();
        JsonNode found = Fields.first(answer, place);
        ObjectNode all = list.with(context, found);
        if (!found.isObject() || !list.isDocument(all) || !list.id(all).equals(item.id())) {
            throw notThere(item);
        }
        return document(item.id(), all);
    }

    private Document document(String id, ObjectNode item) {
        TemplateFile.DocumentSpec spec = template.document();
        Parsed parsed = text.of(item);
        String title =
                spec.title() == null ? "" : Fields.fill(spec.title(), item).strip();
        Metadata facts = parsed.metadata();
        for (Map.Entry<String, Value> fact : facts(item).entrySet()) {
            facts = facts.with(fact.getKey(), fact.getValue());
        }
        String url = Fields.fill(spec.url(), item);
        return new Document(
                id,
                title.isEmpty() ? parsed.title() : title,
                parsed.text(),
                url.startsWith("/") ? base.toString().replaceFirst("/$", "") + url : url,
                readers.get().of(item),
                facts,
                parsed.pages());
    }

    private Map<String, Value> facts(ObjectNode item) {
        Map<String, Value> facts = new LinkedHashMap<>();
        TemplateFile.DocumentSpec spec = template.document();
        Map<String, String> paths = spec.metadata() == null ? Map.of() : spec.metadata();
        paths.forEach((fact, path) -> {
            List<JsonNode> values = Fields.all(item, path).stream()
                    .filter(JsonNode::isValueNode)
                    .toList();
            if (path.contains("*") && !values.isEmpty()) {
                facts.put(fact, Value.of(new TreeSet<>(Fields.texts(item, path))));
            } else if (!values.isEmpty()) {
                facts.put(fact, value(values.get(0)));
            }
        });
        Optional<String> modified = spec.modified() == null
                ? Optional.empty()
                : Fields.texts(item, spec.modified()).stream().findFirst();
        modified.flatMap(Times::parse).ifPresent(time -> facts.put(Document.MODIFIED, Value.of(time.toEpochMilli())));
        return facts;
    }

    private static Value value(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return Value.of(node.longValue());
        } else if (node.isNumber() && Double.isFinite(node.doubleValue())) {
            return Value.of(node.doubleValue());
        }
        return node.isBoolean() ? Value.of(node.booleanValue()) : Value.of(node.asText());
    }

    private StoreException notThere(Item item) {
        return new StoreException("item: " + item.id() + " is not there (expected: a document of " + name + ")");
    }

    @Override
    public void close() {
        api.close();
    }

    @Override
    public String toString() {
        return "RestConnector[" + name + "]";
    }

    /** Where an API is, and how it is read. Not thread-safe. */
    public static final class Builder {
        private final ApiTemplate template;
        private final URI base;
        private final Map<String, String> parameters;
        private @Nullable String name;
        private @Nullable Credentials credentials;
        private DocumentParser parser = DocumentParser.text();
        private Readers readers = Readers.NOBODY;
        private HttpReader.Limits limits = HttpReader.Limits.DEFAULT;
        private int pageSize = 100;
        private TimeSource time = TimeSource.system();

        private Builder(ApiTemplate template, URI base) {
            this.template = Check.notNull(template, "template");
            this.base = Check.notNull(base, "base");
            boolean http = "https".equalsIgnoreCase(base.getScheme()) || "http".equalsIgnoreCase(base.getScheme());
            Check.that(
                    http && base.getHost() != null && base.getUserInfo() == null && base.getRawQuery() == null,
                    "base",
                    base.getUserInfo() == null ? base : "with a user",
                    "http or https, a host, no user and no query");
            this.parameters = new LinkedHashMap<>(template.file().parameters());
        }

        /** The name of the source; the template's and the base unless set. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /**
         * Goes in with a bearer token.
         *
         * @param token asked before every request, so that it may be renewed
         */
        public Builder bearer(Supplier<String> token) {
            this.credentials = new Credentials(null, token);
            return this;
        }

        /**
         * Goes in with basic authentication.
         *
         * @param secret asked before every request
         */
        public Builder basic(String user, Supplier<String> secret) {
            this.credentials = new Credentials(Check.notBlank(user, "user"), secret);
            return this;
        }

        /** Says otherwise what the template calls by this name, such as which items are listed. */
        public Builder parameter(String name, String value) {
            Check.that(parameters.containsKey(name), "parameter", name, "one of " + parameters.keySet());
            parameters.put(name, Check.notNull(value, "value"));
            return this;
        }

        /** What reads files and, where an API hands it out, HTML; text and Markdown unless set. */
        public Builder parser(DocumentParser parser) {
            this.parser = Check.notNull(parser, "parser");
            return this;
        }

        /** Who may read documents of which the API does not say who may; nobody unless set. */
        public Builder readers(Readers readers) {
            this.readers = Check.notNull(readers, "readers");
            return this;
        }

        /** How long an answer may take; 30 seconds unless set. */
        public Builder timeout(Duration timeout) {
            this.limits = limits.withTimeout(timeout);
            return this;
        }

        /** How long a server that asks to wait is waited for at one request; 5 minutes unless set. */
        public Builder patience(Duration patience) {
            this.limits = limits.withPatience(patience);
            return this;
        }

        /** The most bytes of an answer or a file; 16 MiB unless set. */
        public Builder maxBytes(long bytes) {
            this.limits = limits.withMaxBytes(bytes);
            return this;
        }

        /** How many items are asked for at once, where the template does not say; 100 unless set. */
        public Builder pageSize(int items) {
            this.pageSize = Check.positive(items, "pageSize");
            return this;
        }

        /** The clock that waits pass on. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * The connector. Nothing is asked before the first list.
         *
         * @throws IllegalArgumentException if the API hands out HTML and the parser does not read it
         */
        public RestConnector build() {
            boolean html = template.file().document().text().isHtml();
            Check.that(
                    !html || parser.accepts("item.html", "text/html; charset=utf-8"),
                    "parser",
                    parser,
                    "one that reads HTML, such as HtmlParser or TikaParser");
            return new RestConnector(this);
        }
    }
}

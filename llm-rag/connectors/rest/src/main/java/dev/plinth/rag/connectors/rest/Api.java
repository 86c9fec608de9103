package dev.plinth.rag.connectors.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.HttpReader;
import dev.plinth.rag.connect.HttpReader.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks one API. What authorizes goes to its base and nowhere else. Thread-safe. */
final class Api implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MOST_REDIRECTS = 3;

    private final URI base;
    private final @Nullable Credentials credentials;
    private final TemplateFile template;
    private final HttpReader http;

    /**
     * An answer that is JSON.
     *
     * @param link its header of that name; may be empty
     * @param date when the server gave it, by its own clock; may be empty
     */
    record Json(JsonNode body, String link, String date) {}

    Api(URI base, @Nullable Credentials credentials, TemplateFile template, HttpReader http) {
        this.base = base;
        this.credentials = credentials;
        this.template = template;
        this.http = http;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The request of a template, with what it names. */
    HttpRequest request(TemplateFile.Request request, JsonNode context) {
        StringBuilder url = new StringBuilder(prefix()).append(path(request.path(), context));
        char separator = '?';
        Map<String, String> query = request.query() == null ? Map.of() : new TreeMap<>(request.query());
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            String only = Fields.only(parameter.getValue());
            if (only.isEmpty() || !Fields.texts(context, only).isEmpty()) {
                String value = Fields.fill(parameter.getValue(), context);
                url.append(separator)
                        .append(encoded(parameter.getKey()))
                        .append('=')
                        .append(encoded(value));
                separator = '&';
            }
        }
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(url.toString()));
        if (request.body() != null) {
            String body = String.valueOf(filled(request.body(), context));
            http.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        return authorized(http);
    }

    private String prefix() {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static String path(String template, JsonNode context) {
        StringBuilder path = new StringBuilder();
        for (String part : template.split("(?=\\{)|(?<=})")) {
            path.append(Fields.only(part).isEmpty() ? part : encoded(Fields.fill(part, context)));
        }
        return path.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Null: nothing but a field that is not there. */
    private static @Nullable JsonNode filled(JsonNode node, JsonNode context) {
        if (node.isTextual()) {
            String only = Fields.only(node.textValue());
            if (!only.isEmpty()) {
                JsonNode field = Fields.first(context, only);
                return field.isMissingNode() ? null : field;
            }
            return JsonNodeFactory.instance.textNode(Fields.fill(node.textValue(), context));
        }
        if (node.isObject()) {
            ObjectNode object = object();
            node.properties().forEach(field -> {
                JsonNode value = filled(field.getValue(), context);
                if (value != null) {
                    object.set(field.getKey(), value);
                }
            });
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (JsonNode element : node) {
                JsonNode value = filled(element, context);
                if (value != null) {
                    array.add(value);
                }
            }
            return array;
        }
        return node;
    }

    /**
     * A request for what the API itself names.
     *
     * @throws StoreException if that is elsewhere
     */
    HttpRequest link(String link) {
        URI target = address(link);
        if (!isHere(target)) {
            throw new StoreException(
                    "link: leads to " + target.getHost() + " (expected: " + base.getRawAuthority() + ")");
        }
        return authorized(HttpRequest.newBuilder(target));
    }

    /** Some APIs leave the path of the base out of their links. */
    private URI address(String link) {
        try {
            if (!link.startsWith("/")) {
                return base.resolve(link);
            }
            String path = base.getRawPath() == null ? "" : base.getRawPath();
            boolean whole = path.length() <= 1 || link.startsWith(path);
            return whole ? base.resolve(link) : URI.create(prefix() + link);
        } catch (IllegalArgumentException broken) {
            throw new StoreException(
                    "link: broken (expected: the address of a page of " + base.getRawAuthority() + ")");
        }
    }

    private boolean isHere(URI target) {
        return base.getScheme().equalsIgnoreCase(target.getScheme())
                && base.getRawAuthority().equalsIgnoreCase(target.getRawAuthority());
    }

    private HttpRequest authorized(HttpRequest.Builder request) {
        request.header("Accept", "application/json");
        template.headers().forEach(request::setHeader);
        if (credentials != null) {
            request.header("Authorization", credentials.header());
        }
        return request.build();
    }

    /** @throws StoreException if it is no JSON, or an error */
    Json json(HttpRequest request) {
        Answer answer = http.send(request);
        check(request.uri(), answer);
        JsonNode body = parse(request.uri(), answer.body());
        TemplateFile.Errors errors = template.errors();
        String code = errors == null ? "" : Fields.first(body, errors.code()).asText("");
        if (errors != null && !code.isEmpty()) {
            throw failure(request.uri(), code, errors.unauthorized().contains(code), answer);
        }
        String link = String.join(", ", answer.headers().allValues("link"));
        return new Json(body, link, answer.header("date").orElse(""));
    }

    private static JsonNode parse(URI uri, byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node != null && node.isContainerNode()) {
                return node;
            }
        } catch (JacksonException broken) {
            // whose message may hold a part of the content
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        throw new StoreException(HttpReader.place(uri) + " answers no JSON (expected: an object or an array)");
    }

    /** What another host refuses says nothing of the credentials, which it is not told. */
    private void check(URI uri, Answer answer) {
        if (!answer.isOk()) {
            boolean unauthorized = answer.status() == 401 && isHere(uri);
            throw failure(uri, Integer.toString(answer.status()), unauthorized, answer);
        }
    }

    private static LlmException failure(URI uri, String code, boolean unauthorized, Answer answer) {
        String shown = code.matches("[A-Za-z0-9_.-]{1,60}") ? code : "an error";
        String message = HttpReader.place(uri) + " answers " + shown;
        return unauthorized
                ? new AuthenticationException(
                        message + " (expected: credentials that may read)", answer.details(), null)
                : new StoreException(message + " (expected: what was asked for)", answer.details(), null);
    }

    /** A file, from wherever the API sends the reader; other hosts are told nothing, and are asked over TLS if the base is. */
    Answer download(HttpRequest request) {
        HttpRequest next = request;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Answer answer = http.send(next);
            String location = answer.header("location").orElse("");
            if (answer.status() < 300 || answer.status() >= 400 || location.isEmpty()) {
                check(next.uri(), answer);
                return answer;
            }
            URI target = target(next.uri(), location);
            next = isHere(target)
                    ? link(target.toString())
                    : HttpRequest.newBuilder(target).build();
        }
        throw new StoreException(HttpReader.place(request.uri()) + " redirects too often (expected: at most "
                + MOST_REDIRECTS + " times)");
    }

    private URI target(URI from, String location) {
        URI target = null;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException broken) {
            // refused below
        }
        boolean asSafe = target != null
                && target.getHost() != null
                && ("https".equalsIgnoreCase(target.getScheme())
                        || base.getScheme().equalsIgnoreCase(target.getScheme()));
        if (target == null || !asSafe) {
            throw new StoreException(
                    HttpReader.place(from) + " redirects to no address that is as safe (expected: https)");
        }
        return target;
    }

    @Override
    public void close() {
        http.close();
    }
}

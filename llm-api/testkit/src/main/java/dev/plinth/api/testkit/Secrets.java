package dev.plinth.api.testkit;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The secrets that are known: those a test names, and those that went by where secrets are sent. Thread-safe. */
final class Secrets {
    /** What stands in a recording where a secret was; on replay it is like any text. */
    static final String SCRUBBED = "[scrubbed]";

    /** What is shorter is a placeholder such as {@code none}, or a word that stands everywhere. */
    private static final int SHORTEST = 8;

    /** Such as {@code Bearer abc}. */
    private static final Pattern SCHEME_AND_SECRET = Pattern.compile("\\S+\\s+(\\S+)");

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private final Set<String> values = ConcurrentHashMap.newKeySet();

    Secrets(Set<String> named) {
        values.addAll(named);
    }

    /** Takes note of the secrets in the headers, the query, and the JSON or form of a request. */
    void learn(StubRequest request) {
        for (String name : request.headerNames()) {
            learnHeader(name, request.headers(name));
        }
        learnParameters(RecordedRequest.parameters(request.target()));
        String body = new String(RecordedRequest.body(request), StandardCharsets.UTF_8);
        if (request.header("content-type").orElse("").startsWith("application/x-www-form-urlencoded")) {
            learnParameters(RecordedRequest.parameters("?" + body));
        }
        JsonReader.tryRead(body).ifPresent(this::learnFields);
    }

    /** Takes note of the secrets in the JSON of an answer, as one that hands out tokens. */
    void learn(RecordedResponse response) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        response.pieces().forEach(piece -> body.writeBytes(piece.bytes()));
        JsonReader.tryRead(body.toString(StandardCharsets.UTF_8)).ifPresent(this::learnFields);
    }

    private void learnParameters(Map<String, List<String>> parameters) {
        parameters.forEach((name, parameterValues) -> {
            if (HttpHeaderNames.isSecretParameter(lower(name))) {
                parameterValues.forEach(this::learn);
            }
        });
    }

    void learnHeader(String name, List<String> headerValues) {
        if (HttpHeaderNames.isSecret(lower(name))) {
            headerValues.forEach(this::learn);
        }
    }

    private void learnFields(Json json) {
        if (json instanceof Json.Arr array) {
            array.elements().forEach(this::learnFields);
        } else if (json instanceof Json.Obj object) {
            object.members().forEach((name, value) -> {
                if (value instanceof Json.Str string && HttpHeaderNames.isSecretField(lower(name))) {
                    learn(string.value());
                } else {
                    learnFields(value);
                }
            });
        }
    }

    private void learn(String value) {
        Matcher schemed = SCHEME_AND_SECRET.matcher(value);
        String secret = schemed.matches() ? schemed.group(1) : value;
        if (secret.length() >= SHORTEST && !secret.equals(SCRUBBED)) {
            values.add(secret);
        }
    }

    /** Replaces them as they are and as JSON and addresses write them, in any case: %2f is %2F. */
    Scrubber.Rule rule() {
        String any = values.stream()
                .flatMap(Secrets::spellings)
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return new Scrubber.Rule(
                any.isEmpty() ? NOTHING : Pattern.compile(any, Pattern.CASE_INSENSITIVE), found -> SCRUBBED);
    }

    private static Stream<String> spellings(String secret) {
        String json = JsonWriter.compact(Json.of(secret));
        String inside = json.substring(1, json.length() - 1);
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return Stream.of(secret, inside, inside.replace("/", "\\/"), form, form.replace("+", "%20"));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a request stands in a recording and is compared: method, path, query and body, no headers. */
final class RecordedRequest {
    private static final Pattern BOUNDARY =
            Pattern.compile("multipart/.*boundary=\"?([^\";]+)\"?.*", Pattern.CASE_INSENSITIVE);

    private static final Set<String> NAMES =
            Set.of("method", "path", "query", RecordedBody.JSON, RecordedBody.TEXT, RecordedBody.BASE64);

    private RecordedRequest() {}

    static Json.Obj of(StubRequest request, Scrubber scrubber) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("method", Json.of(request.method()));
        members.put("path", Json.of(scrubber.scrub(request.path())));
        Map<String, Json> query = new LinkedHashMap<>();
        parameters(request.target())
                .forEach((name, values) -> query.put(scrubber.scrub(name), parameter(name, values, scrubber)));
        if (!query.isEmpty()) {
            members.put("query", new Json.Obj(query));
        }
        RecordedBody.write(scrubber.scrub(body(request)), false, members);
        members.computeIfPresent(RecordedBody.JSON, (name, json) -> withoutSecretFields(json));
        return new Json.Obj(members);
    }

    /** For secrets that are too short to be looked for everywhere. */
    private static Json withoutSecretFields(Json json) {
        if (json instanceof Json.Arr array) {
            return new Json.Arr(array.elements().stream()
                    .map(RecordedRequest::withoutSecretFields)
                    .toList());
        }
        if (!(json instanceof Json.Obj object)) {
            return json;
        }
        Map<String, Json> members = new LinkedHashMap<>();
        object.members().forEach((name, value) -> {
            boolean secret = value instanceof Json.Str && HttpHeaderNames.isSecretField(name.toLowerCase(Locale.ROOT));
            members.put(name, secret ? Json.of(Secrets.SCRUBBED) : withoutSecretFields(value));
        });
        return new Json.Obj(members);
    }

    /** The same, out of a file: laid out as {@link #of} does, whatever a person did to it. */
    static Json.Obj read(Json.Obj recorded) {
        recorded.checkNames(NAMES);
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("method", Json.of(recorded.text("method")));
        members.put("path", Json.of(recorded.text("path")));
        if (recorded.get("query") != null) {
            Json.Obj query = recorded.object("query");
            query.members().forEach(RecordedRequest::checkParameter);
            members.put("query", query);
        }
        RecordedBody.write(RecordedBody.read(recorded), false, members);
        return new Json.Obj(members);
    }

    private static void checkParameter(String name, Json value) {
        boolean strings = value instanceof Json.Arr several
                && several.elements().stream().allMatch(each -> each instanceof Json.Str);
        Check.that(strings || value instanceof Json.Str, name, value, "a string, or an array of strings");
    }

    /** The path that a JSON pointer (RFC 6901) into a body has within the request; {@code *} is any name or index. */
    static List<String> withinJson(String pointer) {
        Check.that(pointer.isEmpty() || pointer.startsWith("/"), "pointer", pointer, "a JSON pointer such as /user");
        List<String> path = new ArrayList<>(List.of(RecordedBody.JSON));
        for (String name :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            path.add(name.replace("~1", "/").replace("~0", "~"));
        }
        return path;
    }

    static String name(Json.Obj recorded) {
        return recorded.text("method") + " " + recorded.text("path");
    }

    private static Json parameter(String name, List<String> values, Scrubber scrubber) {
        if (HttpHeaderNames.isSecretParameter(name.toLowerCase(Locale.ROOT))) {
            return Json.of(Secrets.SCRUBBED);
        }
        List<Json> scrubbed =
                values.stream().map(value -> Json.of(scrubber.scrub(value))).toList();
        return scrubbed.size() == 1 ? scrubbed.get(0) : new Json.Arr(scrubbed);
    }

    /** The parameters of the query, decoded, by name. */
    static Map<String, List<String>> parameters(String target) {
        Map<String, List<String>> parameters = new TreeMap<>();
        int start = target.indexOf('?');
        if (start >= 0) {
            for (String each : target.substring(start + 1).split("&")) {
                String[] nameAndValue = each.split("=", 2);
                String value = nameAndValue.length == 1 ? "" : nameAndValue[1];
                parameters
                        .computeIfAbsent(decoded(nameAndValue[0]), name -> new ArrayList<>())
                        .add(decoded(value));
            }
        }
        return parameters;
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return encoded;
        }
    }

    /** The body, uncompressed, and with the same boundary whenever it has parts: clients make up a new one each time. */
    static byte[] body(StubRequest request) {
        byte[] body = request.body();
        if ("gzip".equalsIgnoreCase(request.header("content-encoding").orElse(""))) {
            body = RecordedBody.unzip(body);
        }
        Matcher multipart = BOUNDARY.matcher(request.header("content-type").orElse(""));
        if (multipart.matches()) {
            String parts = new String(body, StandardCharsets.ISO_8859_1);
            return parts.replace(multipart.group(1), "boundary").getBytes(StandardCharsets.ISO_8859_1);
        }
        return body;
    }
}

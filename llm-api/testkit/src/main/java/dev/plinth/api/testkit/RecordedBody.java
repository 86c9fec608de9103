package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** How bytes stand in a recording, so that people can read them: as JSON, else as text, else in Base64. */
final class RecordedBody {
    static final String JSON = "json";
    static final String TEXT = "text";
    static final String BASE64 = "base64";

    private static final Pattern UNREADABLE = Pattern.compile("[\\x00-\\x1f&&[^\\t\\r\\n]]");
    private static final Pattern AFTER_LINE_FEEDS = Pattern.compile("(?<=\\n)(?!\\n)");

    private RecordedBody() {}

    /**
     * Adds the bytes to an object; nothing when there are none.
     *
     * @param exactly whether each byte has to come back; otherwise what is JSON may be laid out anew
     */
    static void write(byte[] bytes, boolean exactly, Map<String, Json> object) {
        Optional<String> text =
                decode(bytes).filter(decoded -> !UNREADABLE.matcher(decoded).find());
        Optional<Json> json = text.flatMap(JsonReader::tryRead)
                .filter(value -> !exactly || JsonWriter.compact(value).equals(text.orElseThrow()));
        if (bytes.length == 0) {
            return;
        }
        if (json.isPresent()) {
            object.put(JSON, json.get());
        } else if (text.isPresent()) {
            object.put(TEXT, inLines(text.get()));
        } else {
            object.put(BASE64, Json.of(Base64.getEncoder().encodeToString(bytes)));
        }
    }

    /** The bytes again; empty when the object has none. */
    static byte[] read(Json.Obj object) {
        List<String> forms = Stream.of(JSON, TEXT, BASE64)
                .filter(object.members()::containsKey)
                .toList();
        Check.that(forms.size() <= 1, "body", forms, "at most one of them");
        return forms.isEmpty() ? new byte[0] : read(object, forms.get(0));
    }

    private static byte[] read(Json.Obj object, String form) {
        Json body = object.members().get(form);
        if (form.equals(BASE64)) {
            return Base64.getDecoder().decode(object.text(BASE64));
        }
        if (form.equals(JSON)) {
            Check.that(body instanceof Json.Obj || body instanceof Json.Arr, JSON, body, "an object or an array");
            return String.valueOf(body).getBytes(StandardCharsets.UTF_8);
        }
        String text = body instanceof Json.Arr parts
                ? parts.elements().stream().map(RecordedBody::part).collect(Collectors.joining())
                : object.text(TEXT);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Json inLines(String text) {
        List<Json> lines = new ArrayList<>();
        for (String line : AFTER_LINE_FEEDS.split(text)) {
            lines.add(Json.of(line));
        }
        return lines.size() == 1 ? lines.get(0) : new Json.Arr(lines);
    }

    private static String part(Json part) {
        if (part instanceof Json.Str string) {
            return string.value();
        }
        throw new IllegalArgumentException(TEXT + ": " + part + " (expected: strings)");
    }

    /** The text, if the bytes are UTF-8. */
    static Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    /** What was compressed; the bytes as they are when they are not gzip. */
    static byte[] unzip(byte[] bytes) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException notGzip) {
            return bytes;
        }
    }
}

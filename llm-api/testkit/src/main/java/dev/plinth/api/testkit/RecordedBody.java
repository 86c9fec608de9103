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
import java.util.zip.GZIPInputStream;

/** How bytes stand in a recording, so that people can read them: as JSON, else as text, else in Base64. */
final class RecordedBody {
    static final String JSON = "json";
    private static final String TEXT = "text";
    private static final String BASE64 = "base64";

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
        Json json = object.get(JSON);
        if (json != null) {
            return JsonWriter.compact(json).getBytes(StandardCharsets.UTF_8);
        }
        Json text = object.get(TEXT);
        if (text instanceof Json.Arr) {
            return object.elements(TEXT).stream()
                    .map(RecordedBody::line)
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
        }
        if (text != null) {
            return object.text(TEXT).getBytes(StandardCharsets.UTF_8);
        }
        return object.get(BASE64) == null ? new byte[0] : Base64.getDecoder().decode(object.text(BASE64));
    }

    private static Json inLines(String text) {
        List<Json> lines = new ArrayList<>();
        for (String line : AFTER_LINE_FEEDS.split(text)) {
            lines.add(Json.of(line));
        }
        return lines.size() == 1 ? lines.get(0) : new Json.Arr(lines);
    }

    private static String line(Json line) {
        Check.that(line instanceof Json.Str, TEXT, line, "a string, or an array of strings");
        return ((Json.Str) line).value();
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

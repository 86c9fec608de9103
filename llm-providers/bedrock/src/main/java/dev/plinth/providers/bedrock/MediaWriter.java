package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.ChatCall;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes what is not text: pictures, sound, documents and, as files, films. Not thread-safe. */
final class MediaWriter {

    private static final Map<String, String> IMAGES = Map.of(
            "image/png", "png", "image/jpeg", "jpeg", "image/jpg", "jpeg", "image/gif", "gif", "image/webp", "webp");
    private static final Map<String, String> SOUNDS = Map.ofEntries(
            Map.entry("audio/mpeg", "mp3"),
            Map.entry("audio/mp3", "mp3"),
            Map.entry("audio/wav", "wav"),
            Map.entry("audio/x-wav", "wav"),
            Map.entry("audio/wave", "wav"),
            Map.entry("audio/flac", "flac"),
            Map.entry("audio/ogg", "ogg"),
            Map.entry("audio/opus", "opus"),
            Map.entry("audio/aac", "aac"),
            Map.entry("audio/mp4", "mp4"),
            Map.entry("audio/m4a", "m4a"),
            Map.entry("audio/x-m4a", "m4a"),
            Map.entry("audio/webm", "webm"));
    private static final Map<String, String> DOCUMENTS = Map.of(
            "application/pdf", "pdf",
            "text/csv", "csv",
            "text/plain", "txt",
            "text/html", "html",
            "text/markdown", "md",
            "application/msword", "doc",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
            "application/vnd.ms-excel", "xls",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");
    private static final Map<String, String> FILMS = Map.of(
            "video/mp4", "mp4",
            "video/quicktime", "mov",
            "video/x-matroska", "mkv",
            "video/webm", "webm",
            "video/x-flv", "flv",
            "video/mpeg", "mpeg",
            "video/x-ms-wmv", "wmv",
            "video/3gpp", "three_gp");

    private final ChatCall call;
    private final boolean cited;
    private int unnamed;

    MediaWriter(ChatCall call) {
        this.call = call;
        this.cited = call.request().options().get(Bedrock.CITATIONS).orElse(false);
    }

    void write(Part part, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (part instanceof Part.Image image) {
            call.require(image.detail() == null, "image-detail", "image: detail " + image.detail(), "none");
            writeBlock("image", image.media(), IMAGES, json);
        } else if (part instanceof Part.Audio audio) {
            writeBlock("audio", audio.media(), SOUNDS, json);
        } else if (part instanceof Part.File file
                && FILMS.containsKey(file.media().mimeType())) {
            writeBlock("video", file.media(), FILMS, json);
        } else if (part instanceof Part.File file) {
            json.writeObjectFieldStart("document");
            json.writeStringField("name", name(file.name()));
            writeContent("document", file.media(), DOCUMENTS, json);
            if (cited) {
                json.writeObjectFieldStart("citations");
                json.writeBooleanField("enabled", true);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void writeBlock(String kind, Media media, Map<String, String> formats, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart(kind);
        writeContent(kind, media, formats, json);
        json.writeEndObject();
    }

    private void writeContent(String kind, Media media, Map<String, String> formats, JsonGenerator json)
            throws IOException {
        String format = formats.get(media.mimeType());
        call.require(
                format != null,
                kind + "-format",
                kind + ": " + media.mimeType(),
                "one of " + new TreeSet<>(formats.keySet()));
        json.writeStringField("format", format);
        json.writeObjectFieldStart("source");
        Optional<URI> address = media.uri();
        if (address.isPresent()) {
            boolean inS3 = "s3".equals(address.get().getScheme());
            call.require(
                    inS3,
                    kind + "-by-address",
                    kind + ": an address of " + address.get().getScheme(),
                    "s3 or bytes");
            json.writeObjectFieldStart("s3Location");
            json.writeStringField("uri", address.get().toString());
            json.writeEndObject();
        } else {
            json.writeBinaryField("bytes", media.bytes().orElseThrow());
        }
        json.writeEndObject();
    }

    /** Bedrock takes letters, digits, single spaces, hyphens and brackets, and wants each name once. */
    private String name(@Nullable String said) {
        String plain = said == null
                ? ""
                : said.replaceAll("[^a-zA-Z0-9\\s()\\[\\]-]", "-")
                        .replaceAll("\\s+", " ")
                        .strip();
        return plain.isEmpty() ? "document " + ++unnamed : plain;
    }
}

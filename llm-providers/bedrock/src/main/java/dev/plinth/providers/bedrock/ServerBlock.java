package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.Json;
import java.util.function.Supplier;

/**
 * A block of a tool that the server runs itself, put together as the JSON in which it can be sent back.
 *
 * <p>Not thread-safe.
 */
final class ServerBlock implements Supplier<Part> {

    private static final String NOTHING = "{}";

    private final String kind;
    private final String content;
    private final String open;
    private final String close;
    private final StringBuilder fields = new StringBuilder();
    private final StringBuilder body = new StringBuilder();

    /**
     * @param kind of the block, and its only field
     * @param content the field whose value comes piece by piece, between these brackets
     */
    ServerBlock(String kind, String content, String open, String close) {
        this.kind = kind;
        this.content = content;
        this.open = open;
        this.close = close;
    }

    /** A field that is a text. */
    void field(String name, String value) {
        fields.append(quoted(name)).append(':').append(quoted(value)).append(',');
    }

    /** The next piece of the content, which is JSON when it is complete. */
    void add(String piece) {
        body.append(piece);
    }

    /** The next element of the content. */
    void addElement(String json) {
        body.append(body.isEmpty() ? "" : ",").append(json);
    }

    @Override
    public Part get() {
        String whole = open + body + close;
        boolean broken = open.isEmpty() && !Json.isOneObject(whole); // cut where the answer was
        String json = "{" + quoted(kind) + ":{" + fields + quoted(content) + ":" + (broken ? NOTHING : whole) + "}}";
        return new Part.Other(Bedrock.PROTOCOL, kind, json);
    }

    /** A text as JSON. */
    static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}

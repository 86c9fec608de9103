package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Citation;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks of an answer, whole or as they start, and the deltas of those that have started. What a delta is, its
 * fields say: a block of text goes on with {@code text}, a thought with {@code thinking}, an input with {@code
 * partial_json}.
 *
 * <p>Not thread-safe.
 */
final class ContentReader {

    /** Of a block or delta that does not say which block of the answer it is. */
    static final int NO_INDEX = -1;

    private final AnswerParts parts;
    private final Consumer<Citation> citation;
    private final Citations citations = new Citations();
    private List<OpenBlock> blocks = List.of();
    private int textStart;

    ContentReader(AnswerParts parts, Consumer<Citation> citation) {
        this.parts = parts;
        this.citation = citation;
    }

    /** Reads all blocks of an answer; of a server that writes none, the text in their place. */
    void readAll(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            parts.text(json.getText());
        } else if (Json.isArray(json)) {
            for (int index = 0; Json.nextElement(json); index++) {
                readBlock(index, json);
                end(index);
            }
        }
    }

    /**
     * Reads a block, or the start of one.
     *
     * @param index of the block; {@link #NO_INDEX}: not said
     */
    void readBlock(int index, JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        endText();
        String field = Json.nextField(json);
        if ("type".equals(field)) {
            read(index, Json.text(json, ""), json);
        } else if (field != null) {
            readWithLateType(index, field, json);
        }
    }

    /** Some proxies sort the fields, so that the type comes last: then the block is read twice. */
    private void readWithLateType(int index, String first, JsonParser json) throws IOException {
        StringWriter copy = new StringWriter();
        String type = "";
        try (JsonGenerator block = Json.FACTORY.createGenerator(copy)) {
            block.writeStartObject();
            for (String field = first; field != null; field = Json.nextField(json)) {
                if (field.equals("type")) {
                    type = Json.text(json, type);
                } else {
                    block.writeFieldName(field);
                    Json.copy(json, block);
                }
            }
            block.writeEndObject();
        }
        try (JsonParser block = Json.FACTORY.createParser(copy.toString())) {
            block.nextToken();
            read(index, type, block);
        }
    }

    private void read(int index, @Nullable String type, JsonParser json) throws IOException {
        switch (type == null ? "" : type) {
            case "text", "thinking" -> {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    readField(field, json);
                }
            }
            case "redacted_thinking" -> readRedacted(json);
            case "tool_use" -> readCall(index, json);
            default -> readOther(index, type == null ? "" : type, json);
        }
    }

    private void readRedacted(JsonParser json) throws IOException {
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("data")) {
                text(json, data -> parts.add(Thoughts.redacted(data)));
            } else {
                json.skipChildren();
            }
        }
    }

    private void readCall(int index, JsonParser json) throws IOException {
        String id = null;
        String name = null;
        String input = "";
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "id" -> id = Json.text(json, id);
                case "name" -> name = Json.text(json, name);
                case "input" -> input = input(json);
                default -> json.skipChildren();
            }
        }
        add(new CallBlock(index, parts.toolCall(id == null ? "" : id, name == null ? "" : name), input));
    }

    private static String input(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        return json.currentToken().isStructStart() ? Json.copy(json) : "";
    }

    private void readOther(int index, String type, JsonParser json) throws IOException {
        RawBlock block = new RawBlock(index, type);
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            block.put(field, json);
        }
        parts.place(block::part);
        add(block);
    }

    private void add(OpenBlock block) {
        blocks = blocks.isEmpty() ? new ArrayList<>(2) : blocks;
        blocks.add(block);
    }

    /**
     * Reads a field of a delta.
     *
     * @param index of the block it belongs to; {@link #NO_INDEX}: not said, so it is the last one
     */
    void readDelta(int index, String field, JsonParser json) throws IOException {
        if (field.equals("partial_json")) {
            OpenBlock meant = block(index);
            OpenBlock block = meant == null ? block(NO_INDEX) : meant;
            text(json, fragment -> {
                if (block != null) {
                    block.input(fragment);
                }
            });
        } else if (block(index) instanceof RawBlock block && !field.equals("type")) {
            block.join(field, json);
        } else {
            readField(field, json);
        }
    }

    /** The fields of text and of thoughts have the same names in blocks and in deltas. */
    private void readField(String field, JsonParser json) throws IOException {
        switch (field) {
            case "text" -> text(json, parts::text);
            case "thinking" -> text(json, parts::reasoning);
            case "signature" -> text(json, signature -> parts.signature(Anthropic.PROTOCOL, signature));
            case "citation" -> citations.read(json);
            case "citations" -> citations.readAll(json);
            default -> json.skipChildren();
        }
    }

    private static void text(JsonParser json, Consumer<String> found) throws IOException {
        String text = Json.text(json, null);
        if (text != null) {
            found.accept(text);
        }
    }

    private @Nullable OpenBlock block(int index) {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            if (index == NO_INDEX || blocks.get(i).index == index) {
                return blocks.get(i);
            }
        }
        return null;
    }

    /** A block has ended. */
    void end(int index) {
        endText();
        OpenBlock block = block(index);
        if (block != null) {
            block.end();
            blocks.remove(block);
        }
    }

    /** The answer has ended, and with it what is still open; whether something was. */
    boolean end() {
        endText();
        boolean any = !blocks.isEmpty();
        blocks.forEach(OpenBlock::end);
        blocks = List.of();
        return any;
    }

    /** Text and thoughts that come next are of another block. */
    private void endText() {
        citations.end(textStart, parts.textLength(), citation);
        textStart = parts.textLength();
        parts.endBlock();
    }
}

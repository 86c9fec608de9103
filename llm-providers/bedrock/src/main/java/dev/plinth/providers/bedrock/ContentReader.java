package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.providers.wire.AnswerParts;
import dev.plinth.providers.wire.Json;
import dev.plinth.providers.wire.ToolCallBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads content blocks: whole ones, or, of a stream, their starts and deltas, which have nearly the same fields. Only
 * blocks of tools have a start.
 *
 * <p>Not thread-safe.
 */
final class ContentReader {

    private static final String SERVER_TOOL = "server_tool_use";

    private final AnswerParts parts;
    private final Consumer<? super Citation> citations;
    private final List<CitedSource> sources = new ArrayList<>(0);
    private final Map<Long, ToolCallBuilder> calls = new HashMap<>(4);
    private final Map<Long, ServerBlock> serverBlocks = new HashMap<>(0);
    private long block;
    private int textStart;
    private @Nullable RedactedThought redacted;

    ContentReader(AnswerParts parts, Consumer<? super Citation> citations) {
        this.parts = parts;
        this.citations = citations;
    }

    /** What comes next belongs to this block. */
    void begin(long index) {
        if (index != block) {
            end();
            block = index;
        }
    }

    /** The block is complete. A source says nothing of the span it backs, which is the text of its block. */
    void end() {
        for (CitedSource source : sources) {
            citations.accept(source.at(textStart, parts.textLength()));
        }
        sources.clear();
        redacted = null;
        textStart = parts.textLength();
        parts.endBlock();
    }

    /** Reads a block, a start or a delta: the value that the parser stands at, to its end. */
    void read(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "text" -> readText(json);
                case "reasoningContent" -> readReasoning(json);
                case "toolUse" -> readToolUse(json);
                case "toolResult" -> readServerResult(json);
                case "citation" -> readCitation(json);
                case "citationsContent" -> readCitedText(json);
                default -> readOther(field, json);
            }
        }
    }

    private void readText(JsonParser json) throws IOException {
        String text = Json.text(json, null);
        if (text != null) {
            parts.text(text);
        }
    }

    /** Of a stream its fields stand here, of a whole block in {@code reasoningText}. */
    private void readReasoning(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "reasoningText" -> readReasoning(json);
                case "text" -> {
                    String text = Json.text(json, null);
                    parts.reasoning(text == null ? "" : text);
                }
                case "signature" -> {
                    String signature = Json.text(json, null);
                    parts.signature(Bedrock.PROTOCOL, signature == null ? "" : signature);
                }
                case "redactedContent" -> readRedacted(json);
                default -> json.skipChildren();
            }
        }
    }

    private void readRedacted(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return;
        }
        if (redacted == null) {
            redacted = new RedactedThought();
            parts.place(redacted);
        }
        redacted.add(json.getText());
    }

    private void readToolUse(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        String id = null;
        String name = null;
        String type = null;
        String input = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            switch (field) {
                case "toolUseId" -> id = Json.text(json, null);
                case "name" -> name = Json.text(json, null);
                case "type" -> type = Json.text(json, null);
                case "input" -> input = input(json);
                default -> json.skipChildren();
            }
        }
        boolean begun = calls.containsKey(block) || serverBlocks.containsKey(block);
        if (id != null || name != null || !begun) {
            beginTool(id == null ? "" : id, name == null ? "" : name, SERVER_TOOL.equals(type));
        }
        if (input != null) {
            addInput(input);
        }
    }

    /** Of a stream a piece of text, of a whole block JSON. */
    private static @Nullable String input(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getText();
            case VALUE_NULL -> null;
            default -> Json.copy(json);
        };
    }

    /** What the server calls and answers itself is no call for us; it is kept, since it may be wanted back. */
    private void beginTool(String id, String name, boolean ofServer) {
        if (ofServer) {
            ServerBlock call = new ServerBlock("toolUse", "input", "", "");
            call.field("toolUseId", id);
            call.field("name", name);
            call.field("type", SERVER_TOOL);
            place(call);
            return;
        }
        ToolCallBuilder call = parts.toolCall(id, name);
        calls.put(block, call);
        if (parts.streamed()) {
            call.arguments(""); // so that who listens hears of it before its arguments are there
        }
    }

    private void addInput(String input) {
        ToolCallBuilder call = calls.get(block);
        ServerBlock server = serverBlocks.get(block);
        if (call != null) {
            call.arguments(input);
        } else if (server != null) {
            server.add(input);
        }
    }

    /** A whole block and a start are objects, a delta is an array with more of the content. */
    private void readServerResult(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            readServerContent(serverBlocks.get(block), json);
            return;
        }
        if (!Json.isObject(json)) {
            return;
        }
        ServerBlock result = new ServerBlock("toolResult", "content", "[", "]");
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("content") && json.currentToken() == JsonToken.START_ARRAY) {
                readServerContent(result, json);
            } else if (json.currentToken() == JsonToken.VALUE_STRING) {
                result.field(field, json.getText());
            } else {
                json.skipChildren();
            }
        }
        place(result);
    }

    private static void readServerContent(@Nullable ServerBlock result, JsonParser json) throws IOException {
        while (Json.nextElement(json)) {
            String element = Json.copy(json);
            if (result != null) {
                result.addElement(element);
            }
        }
    }

    private void place(ServerBlock of) {
        serverBlocks.put(block, of);
        parts.place(of);
    }

    private void readCitation(JsonParser json) throws IOException {
        CitedSource source = CitedSource.read(json);
        if (source != null) {
            sources.add(source);
        }
    }

    private void readCitedText(JsonParser json) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            boolean text = field.equals("content");
            if ((text || field.equals("citations")) && json.currentToken() == JsonToken.START_ARRAY) {
                while (Json.nextElement(json)) {
                    if (text) {
                        read(json);
                    } else {
                        readCitation(json);
                    }
                }
            } else {
                json.skipChildren();
            }
        }
    }

    /** A kind that is not known: a whole block can be sent back, a piece of one can only be told of. */
    private void readOther(String kind, JsonParser json) throws IOException {
        String value = Json.copy(json);
        if (parts.streamed()) {
            parts.tell(new StreamEvent.Other(kind, value));
        } else {
            String whole = "{" + ServerBlock.quoted(kind) + ":" + value + "}";
            parts.add(new Part.Other(Bedrock.PROTOCOL, kind, whole));
        }
    }
}

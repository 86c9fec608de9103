package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.InputType;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.Percent;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.Set;

/** Embeddings over InvokeModel, where each family of models has bodies of its own. */
final class Embeddings implements EmbeddingProtocol {

    /** The families; all but Cohere's take one text a call. */
    enum Family {
        TITAN_1(1, "inputText"),
        TITAN_2(1, "inputText", "dimensions"),
        NOVA(1, "taskType", "singleEmbeddingParams"),
        COHERE(96, "texts", "input_type", "embedding_types", "output_dimension");

        private final int mostTexts;
        private final Set<String> fields;

        Family(int mostTexts, String... fields) {
            this.mostTexts = mostTexts;
            this.fields = Set.of(fields);
        }

        /** The family of a model, or of an inference profile that is named after one. */
        static Family of(String model) {
            if (model.contains("cohere.embed")) {
                return COHERE;
            }
            if (model.contains("amazon.nova") && model.contains("embed")) {
                return NOVA;
            }
            boolean titan = model.contains("amazon.titan-embed-text") || model.contains("amazon.titan-embed-g1-text");
            Check.that(
                    titan,
                    "model",
                    model,
                    "one of amazon.titan-embed-text, amazon.nova-...-embeddings or cohere.embed");
            return model.contains("titan-embed-text-v2") ? TITAN_2 : TITAN_1;
        }
    }

    private final Family family;

    Embeddings(Family family) {
        this.family = family;
    }

    @Override
    public String path(EmbeddingCall call) {
        return "/model/" + Percent.encode(call.model()) + "/invoke";
    }

    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(family.mostTexts);
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        Family asked = Family.of(call.model());
        Check.that(asked == family, "model", call.model(), "of the family " + family);
        json.writeStartObject();
        switch (family) {
            case TITAN_1, TITAN_2 -> writeTitan(call, json);
            case NOVA -> writeNova(call, json);
            case COHERE -> writeCohere(call, json);
        }
        ExtraBody.write(call.request().options(), Bedrock.EXTRA_BODY, family.fields, json);
        json.writeEndObject();
    }

    /** Titan knows no kinds of input. */
    private void writeTitan(EmbeddingCall call, JsonGenerator json) throws IOException {
        json.writeStringField("inputText", call.texts().get(0));
        if (call.dimensions().isPresent()) {
            Check.that(
                    family == Family.TITAN_2, "dimensions", call.dimensions().getAsInt(), "none for " + call.model());
            json.writeNumberField("dimensions", call.dimensions().getAsInt());
        }
    }

    private static void writeNova(EmbeddingCall call, JsonGenerator json) throws IOException {
        boolean query = call.request().inputType() == InputType.QUERY;
        json.writeStringField("taskType", "SINGLE_EMBEDDING");
        json.writeObjectFieldStart("singleEmbeddingParams");
        json.writeStringField("embeddingPurpose", query ? "GENERIC_RETRIEVAL" : "GENERIC_INDEX");
        if (call.dimensions().isPresent()) {
            json.writeNumberField("embeddingDimension", call.dimensions().getAsInt());
        }
        json.writeObjectFieldStart("text");
        json.writeStringField("truncationMode", "NONE");
        json.writeStringField("value", call.texts().get(0));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeCohere(EmbeddingCall call, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("texts");
        for (String text : call.texts()) {
            json.writeString(text);
        }
        json.writeEndArray();
        boolean query = call.request().inputType() == InputType.QUERY;
        json.writeStringField("input_type", query ? "search_query" : "search_document");
        json.writeArrayFieldStart("embedding_types");
        json.writeString("float");
        json.writeEndArray();
        if (call.dimensions().isPresent()) {
            json.writeNumberField("output_dimension", call.dimensions().getAsInt());
        }
    }

    /** What a body says goes before it; Cohere's and Nova's say nothing. */
    @Override
    public void readHead(HttpAnswer head, EmbeddingAnswer answer) {
        head.header("x-amzn-bedrock-input-token-count").ifPresent(count -> {
            try {
                answer.usage().input(Long.parseLong(count.strip()));
            } catch (NumberFormatException notACount) {
                // then nobody says
            }
        });
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        switch (field) {
            case "embedding" -> readOne(json, answer);
            case "embeddings" -> readMany(json, answer);
            case "embeddingsByType" -> readByType(json, answer, Embeddings::readOne);
            case "inputTextTokenCount" -> {
                long tokens = Json.number(json, -1);
                if (tokens >= 0) {
                    answer.usage().input(tokens);
                }
            }
            default -> {
                if (!answer.errors().read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }

    /** Titan says the same vector twice. */
    private static void readOne(JsonParser json, EmbeddingAnswer answer) throws IOException {
        if (answer.nextIndex() == 0) {
            answer.add(0, answer.vector(json));
        } else {
            json.skipChildren();
        }
    }

    /** Vectors; or, of Nova, objects with one each; or, of Cohere, vectors by the type of their numbers. */
    private static void readMany(JsonParser json, EmbeddingAnswer answer) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            readByType(json, answer, Embeddings::readMany);
            return;
        }
        if (!Json.isArray(json)) {
            return;
        }
        while (Json.nextElement(json)) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                readEntry(json, answer);
            } else {
                answer.add(answer.nextIndex(), answer.vector(json));
            }
        }
    }

    private static void readEntry(JsonParser json, EmbeddingAnswer answer) throws IOException {
        float[] vector = null;
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("embedding")) {
                vector = answer.vector(json);
            } else {
                json.skipChildren();
            }
        }
        answer.add(answer.nextIndex(), vector);
    }

    private static void readByType(JsonParser json, EmbeddingAnswer answer, Floats floats) throws IOException {
        if (!Json.isObject(json)) {
            return;
        }
        for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
            if (field.equals("float")) {
                floats.read(json, answer);
            } else {
                json.skipChildren();
            }
        }
    }

    /** What stands under {@code float}: one vector, or several. */
    @FunctionalInterface
    private interface Floats {
        void read(JsonParser json, EmbeddingAnswer answer) throws IOException;
    }
}

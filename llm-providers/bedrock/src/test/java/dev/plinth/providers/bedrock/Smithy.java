package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks JSON against a shape of AWS's own model of a service, as far as names, types, choices and what is required. */
final class Smithy {
    private static final String REQUIRED = "smithy.api#required";
    private static final String HTTP = "smithy.api#httpLabel";

    private final JsonNode shapes;
    private final List<String> faults = new ArrayList<>();

    private Smithy(JsonNode shapes) {
        this.shapes = shapes;
    }

    /** The model of Bedrock, or empty when the folder is not there. */
    static Optional<Smithy> bedrock() throws IOException {
        Path path = Recordings.shared().resolve("wire/specs/bedrock/bedrock-runtime-2023-09-30.json");
        return Files.exists(path)
                ? Optional.of(new Smithy(Recordings.JSON.readTree(path.toFile()).get("shapes")))
                : Optional.empty();
    }

    /** What is wrong, each with its place. */
    List<String> faults(JsonNode json, String shape) {
        faults.clear();
        check("", json, "com.amazonaws.bedrockruntime#" + shape);
        return List.copyOf(faults);
    }

    private void check(String place, JsonNode json, String name) {
        JsonNode shape = shapes.path(name);
        switch (shape.path("type").asText()) {
            case "structure" -> members(place, json, shape, false);
            case "union" -> members(place, json, shape, true);
            case "list" -> {
                is(place, json.isArray(), "a list");
                for (int i = 0; i < json.size(); i++) {
                    check(
                            place + "/" + i,
                            json.get(i),
                            shape.at("/member/target").asText());
                }
            }
            case "map" -> {
                is(place, json.isObject(), "a map");
                for (Map.Entry<String, JsonNode> entry : json.properties()) {
                    check(
                            place + "/" + entry.getKey(),
                            entry.getValue(),
                            shape.at("/value/target").asText());
                }
            }
            case "enum" -> is(place, choices(shape).contains(json.asText()), "one of " + choices(shape));
            case "string" -> {
                is(place, json.isTextual(), "a text");
                JsonNode pattern = shape.path("traits").path("smithy.api#pattern");
                is(place, pattern.isMissingNode() || json.asText().matches(pattern.asText()), pattern.asText());
            }
            case "blob" -> is(place, json.isTextual(), "base64");
            case "integer", "float" -> is(place, json.isNumber(), "a number");
            default -> {
                // a document, or a simple type of Smithy's own
            }
        }
    }

    private void members(String place, JsonNode json, JsonNode shape, boolean one) {
        is(place, json.isObject() && (!one || json.size() == 1), one ? "exactly one member" : "an object");
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            JsonNode member = shape.path("members").path(field.getKey());
            is(place + "/" + field.getKey(), !member.isMissingNode(), "no such member");
            if (!member.isMissingNode()) {
                check(
                        place + "/" + field.getKey(),
                        field.getValue(),
                        member.path("target").asText());
            }
        }
        for (Map.Entry<String, JsonNode> member : shape.path("members").properties()) {
            JsonNode traits = member.getValue().path("traits");
            boolean missing = traits.has(REQUIRED) && !traits.has(HTTP) && !json.has(member.getKey());
            is(place + "/" + member.getKey(), !missing, "required");
        }
    }

    private static List<String> choices(JsonNode shape) {
        List<String> choices = new ArrayList<>();
        shape.path("members")
                .forEach(member -> choices.add(
                        member.path("traits").path("smithy.api#enumValue").asText()));
        return choices;
    }

    private void is(String place, boolean holds, String expected) {
        if (!holds) {
            faults.add(place + " (expected: " + expected + ")");
        }
    }
}

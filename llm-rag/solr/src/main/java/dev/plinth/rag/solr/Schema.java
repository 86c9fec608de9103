package dev.plinth.rag.solr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.retrieval.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The types and fields that the collection needs, as the Schema API of Solr takes them. */
final class Schema {
    private static final String TEXT = "plinth_text";
    private static final String TERM = "plinth_string";
    private static final String VECTOR = "plinth_vector";

    private final VectorStore.Stamp stamp;
    private final String language;
    private final int neighbours;
    private final int candidates;

    Schema(VectorStore.Stamp stamp, String language, int neighbours, int candidates) {
        this.stamp = stamp;
        this.language = language;
        this.neighbours = neighbours;
        this.candidates = candidates;
    }

    /** All of it, for a schema that has none. */
    ObjectNode all() {
        ObjectNode all = missing(Json.object());
        ObjectNode vectors = missingVectors(Json.object());
        for (String command : List.of("add-field-type", "add-field")) {
            all.withArrayProperty(command).addAll(vectors.withArrayProperty(command));
        }
        return all;
    }

    /** What this schema lacks, without what depends on the length of the vectors. Empty: nothing. */
    ObjectNode missing(JsonNode schema) {
        return commands(
                schema,
                List.of(type(TERM, "solr.StrField"), text()),
                List.of(
                        field(Fields.OWNER, TERM),
                        field(Fields.NAME, TERM).put("indexed", false).put("stored", true),
                        field(Fields.CONTENT, TERM).put("indexed", false).put("stored", true),
                        field(Fields.WORDS, TEXT).put("stored", true),
                        field(Fields.FACTS, TERM).put("multiValued", true),
                        field(Fields.EMBEDDED, TERM).put("stored", true),
                        field(Fields.SOURCE, TERM).put("docValues", true),
                        field(Fields.ENTRY, TERM).put("docValues", true)));
    }

    /** What this schema lacks of the rest. */
    ObjectNode missingVectors(JsonNode schema) {
        ObjectNode type = type(VECTOR, "solr.DenseVectorField")
                .put("vectorDimension", stamp.dimensions())
                .put("similarityFunction", "dot_product")
                .put("hnswMaxConnections", neighbours)
                .put("hnswBeamWidth", candidates);
        return commands(
                schema, List.of(type), List.of(field(Fields.VECTOR, VECTOR).put("stored", true)));
    }

    private static ObjectNode commands(JsonNode schema, List<ObjectNode> types, List<ObjectNode> fields) {
        ObjectNode commands = Json.object();
        add(commands, "add-field-type", types, names(schema.path("fieldTypes")));
        add(commands, "add-field", fields, names(schema.path("fields")));
        return commands;
    }

    private static void add(ObjectNode commands, String command, List<ObjectNode> wanted, List<String> there) {
        for (ObjectNode each : wanted) {
            if (!there.contains(each.path("name").asText())) {
                commands.withArrayProperty(command).add(each);
            }
        }
    }

    private static List<String> names(JsonNode nodes) {
        List<String> names = new ArrayList<>();
        nodes.forEach(node -> names.add(node.path("name").asText()));
        return names;
    }

    private static ObjectNode type(String name, String solrClass) {
        return Json.object().put("name", name).put("class", solrClass);
    }

    private static ObjectNode field(String name, String type) {
        return Json.object()
                .put("name", name)
                .put("type", type)
                .put("indexed", true)
                .put("stored", false)
                .put("docValues", false);
    }

    private ObjectNode text() {
        ObjectNode type = type(TEXT, "solr.TextField");
        type.putObject("similarity")
                .put("class", "solr.BM25SimilarityFactory")
                .put("k1", 0.9)
                .put("b", 0.4);
        ObjectNode analyzer = type.putObject("analyzer");
        analyzer.putObject("tokenizer").put("class", "solr.StandardTokenizerFactory");
        analyzer.putArray("filters").addObject().put("class", "solr.LowerCaseFilterFactory");
        if (!language.equals("simple")) {
            String stemmer = language.substring(0, 1).toUpperCase(Locale.ROOT) + language.substring(1);
            analyzer.withArrayProperty("filters")
                    .addObject()
                    .put("class", "solr.SnowballPorterFilterFactory")
                    .put("language", stemmer);
        }
        return type;
    }
}

package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.rerank.RerankRequest;
import java.io.IOException;

/** What the vendors say differently when documents are to be ordered. What they answer differs in names only. */
enum RerankProtocol {
    COHERE("/v2/rerank", "top_n", false),
    VOYAGE("/v1/rerank", "top_k", true),
    JINA("/v1/rerank", "top_n", true);

    private final String path;
    private final String topField;
    private final boolean givesBack;

    /** @param givesBack whether the vendor can send the documents back, which nobody needs */
    RerankProtocol(String path, String topField, boolean givesBack) {
        this.path = path;
        this.topField = topField;
        this.givesBack = givesBack;
    }

    String path() {
        return path;
    }

    void write(RerankRequest request, String model, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", model);
        json.writeStringField("query", request.query());
        json.writeFieldName("documents");
        json.writeArray(
                request.documents().toArray(String[]::new),
                0,
                request.documents().size());
        json.writeNumberField(
                topField, Math.min(request.top(), request.documents().size()));
        if (givesBack) {
            json.writeBooleanField("return_documents", false);
        }
        json.writeEndObject();
    }
}

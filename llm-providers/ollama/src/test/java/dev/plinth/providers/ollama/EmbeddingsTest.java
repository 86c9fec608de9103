package dev.plinth.providers.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static void isSent(EmbeddingRequest request, String expected) throws Exception {
        String answer = "{\"model\":\"m\",\"embeddings\":[[0.5,0.25],[1,0]]}";
        try (StubServer server = StubServer.start().enqueue(StubAnswer.json(answer));
                Ollama ollama =
                        Ollama.builder().baseUrl(server.url("/").toString()).build()) {
            EmbeddingModel model = ollama.embeddingModel("m");
            model.embed(request);
            String sent = server.takeRequest().text();
            assertThat(JSON.readTree(sent)).isEqualTo(JSON.readTree(expected));
            Specs.errors("/api/embed", sent)
                    .ifPresent(errors -> assertThat(errors).isEmpty());
        }
    }

    @Test
    void overlongTextsAreRefusedUnlessAllowed() throws Exception {
        isSent(
                EmbeddingRequest.documents(List.of("a", "b")),
                "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"truncate\":false}");
        isSent(
                EmbeddingRequest.builder(List.of("a", "b"), InputType.QUERY)
                        .dimensions(2)
                        .option(Ollama.TRUNCATE, true)
                        .option(Ollama.NUM_CTX, 512)
                        .option(Ollama.KEEP_ALIVE, Duration.ofMinutes(5))
                        .build(),
                "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"truncate\":true,\"dimensions\":2,\"keep_alive\":\"5m\","
                        + "\"options\":{\"num_ctx\":512}}");
    }

    @Test
    void vectorsAndTokensAreRead() {
        EmbeddingResponse response = Served.embedding(
                "{\"model\":\"all-minilm\",\"embeddings\":[[0.1,0.2],[0.3,0.4]],\"total_duration\":1,\"prompt_eval_count\":8}",
                "a",
                "b");
        assertThat(response.vectors()).containsExactly(new float[] {0.1f, 0.2f}, new float[] {0.3f, 0.4f});
        assertThat(response.model()).isEqualTo("all-minilm");
        assertThat(response.usage()).isEqualTo(Usage.of(8, 0));
    }

    @Test
    void oneVectorOfOlderServersIsRead() {
        EmbeddingResponse response = Served.embedding("{\"embedding\":[0.5,-1]}", "a");
        assertThat(response.vectors()).containsExactly(new float[] {0.5f, -1});
        assertThat(response.usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void answersThatDoNotFitAreErrors() {
        for (String answer : List.of(
                "{}",
                "{\"embeddings\":[[1,2]]}",
                "{\"embeddings\":[[1,2],[3]]}",
                "{\"embeddings\":[[1,2],[]]}",
                "{\"embeddings\":[[1,2],null]}",
                "{\"embeddings\":{}}",
                "{\"embeddings\":[[1,\"x\"],[1,2]]}")) {
            assertThatThrownBy(() -> Served.embedding(answer, "a", "b"))
                    .as(answer)
                    .isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void overlongTextsAreToldApart() throws Exception {
        StubAnswer refusal = StubAnswer.json(400, "{\"error\":\"the input length exceeds the context length\"}");
        try (StubServer server = StubServer.start().enqueue(refusal);
                Ollama ollama =
                        Ollama.builder().baseUrl(server.url("/").toString()).build()) {
            assertThatThrownBy(() -> ollama.embeddingModel("m").embedQuery("long"))
                    .isInstanceOf(ContextTooLongException.class);
        }
    }
}

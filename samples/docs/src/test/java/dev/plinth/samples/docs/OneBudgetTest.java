package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.tool.ToolLoop;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.retry.Retries;
import dev.plinth.rag.answer.Answerer;
import dev.plinth.rag.answer.ExtractiveAnswerer;
import dev.plinth.rag.answer.GeneratedAnswerer;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.Ingestion;
import dev.plinth.rag.retrieve.HybridRetriever;
import dev.plinth.rag.retrieve.SearchMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One budget of time for an interaction, whichever of its calls meets a server that says nothing. */
@Timeout(30) // without a deadline, a call waits for ten minutes
class OneBudgetTest {

    /** Who says nothing. */
    enum Silent {
        EMBEDDING,
        MODEL,
        MODEL_OF_THE_TOOL,
        NOBODY
    }

    private static final FakeEmbeddingModel VECTORS = FakeEmbeddingModel.create("e", 16);

    private final StubServer server = StubServer.start().otherwise(this::answer);
    private final OpenAi openAi = OpenAi.builder()
            .baseUrl(server.url("/v1").toString())
            .apiKey("sk-of-nobody")
            .build();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private InMemoryIndex index;
    private HybridRetriever retriever;
    private volatile Silent silent = Silent.NOBODY;

    @BeforeEach
    void index(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("shipping.md"), "# Shipping\n\nWe do not ship to PO boxes.\n");
        index = InMemoryIndex.forModel(VECTORS).build();
        Ingestion.into(index, VECTORS).run(FolderConnector.of(folder));
        retriever = HybridRetriever.over(index, Retries.create().around(openAi.embeddingModel("e")));
    }

    @AfterEach
    void close() {
        openAi.close();
        server.close();
        executor.shutdownNow();
    }

    private StubAnswer answer(StubRequest request) {
        if (request.path().endsWith("/embeddings")) {
            String vector = Arrays.toString(VECTORS.embedQuery("Do you ship to PO boxes?"));
            return unless(Silent.EMBEDDING, "{\"model\":\"e\",\"data\":[{\"index\":0,\"embedding\":" + vector + "}]}");
        }
        if (request.text().contains("\"helper\"")) {
            return unless(Silent.MODEL_OF_THE_TOOL, completion("\"content\":\"None.\"", "stop"));
        }
        if (request.text().contains("\"tool_call_id\"")) {
            return StubAnswer.json(completion("\"content\":\"No [1].\"", "stop"));
        }
        return unless(
                Silent.MODEL,
                completion(
                        "\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":"
                                + "{\"name\":\"exceptions\",\"arguments\":\"{}\"}}]",
                        "tool_calls"));
    }

    private StubAnswer unless(Silent here, String body) {
        return silent == here ? StubAnswer.silence() : StubAnswer.json(body);
    }

    private static String completion(String said, String finish) {
        return "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"," + said
                + "},\"finish_reason\":\"" + finish + "\"}]}";
    }

    /** Asks another model, in the context it is called in. */
    private final class Exceptions implements Tool {
        @Override
        public ToolSpec spec() {
            return new ToolSpec("exceptions", "", "{\"type\":\"object\"}");
        }

        @Override
        public ToolResult call(ToolCall call, CallContext context) {
            return call.result(
                    openAi.chatModel("helper").chat(ChatRequest.of("Which?")).text());
        }
    }

    private Answerer assistant() {
        ChatModel model = Retries.create().around(openAi.chatModel("m"));
        return GeneratedAnswerer.over(
                retriever,
                ToolLoop.builder(model)
                        .tools(new Exceptions())
                        .executor(executor)
                        .build());
    }

    private static String ask(Answerer answerer, CallContext context) {
        try (Interaction interaction = Interaction.start("ask", context)) {
            return interaction
                    .context()
                    .call(() -> answerer.answer("Do you ship to PO boxes?"))
                    .text();
        }
    }

    private static CallContext within(Duration budget) {
        return CallContext.EMPTY.until(Deadline.after(budget, TimeSource.system()));
    }

    @ParameterizedTest
    @EnumSource(names = "NOBODY", mode = EnumSource.Mode.EXCLUDE)
    @Timeout(60)
    void interactionEndsAtItsDeadlineWhoeverSaysNothing(Silent who) throws Exception {
        assertThat(ask(assistant(), CallContext.EMPTY)).isEqualTo("No [1].");
        int requests;
        silent = who;
        do { // on a busy machine, the deadline may pass before the silent one is asked
            requests = server.requests().size();
            Deadline deadline = Deadline.after(Duration.ofSeconds(1), TimeSource.system());
            assertThatExceptionOfType(TimedOutException.class)
                    .isThrownBy(() -> ask(assistant(), CallContext.EMPTY.until(deadline)))
                    .withMessageContaining("deadline");
            assertThat(deadline.expired()).isTrue();
        } while (server.requests().size() <= requests + who.ordinal());
        openAi.close();
        server.awaitOpenConnections(0);
    }

    @Test
    void answererWithoutAModelHasTheDeadlineInEveryCall() {
        silent = Silent.EMBEDDING;
        Answerer extractive = ExtractiveAnswerer.over(retriever, openAi.embeddingModel("e"));
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> ask(extractive, within(Duration.ofMillis(300))))
                .withMessageContaining("deadline");
        HybridRetriever byWords = HybridRetriever.builder(index, index, VECTORS)
                .mode(SearchMode.BM25)
                .build();
        Answerer found = ExtractiveAnswerer.over(byWords, openAi.embeddingModel("e"));
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> ask(found, within(Duration.ofMillis(300))))
                .withMessageContaining("deadline");
    }
}

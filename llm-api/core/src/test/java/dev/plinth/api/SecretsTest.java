package dev.plinth.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.fake.FakeModel;
import dev.plinth.api.fake.FakeStream;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.api.tool.Tool;
import dev.plinth.api.tool.ToolLoop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people wrote and what models said does not show up where requests, answers and errors are printed. */
class SecretsTest {
    private static final String CANARY = "canary-51b7";

    private static void hides(Object... things) {
        for (Object thing : things) {
            assertThat(thing.toString()).as(thing.getClass().getSimpleName()).doesNotContain(CANARY);
        }
    }

    private static ChatRequest request() {
        return ChatRequest.builder()
                .system(CANARY)
                .user(CANARY)
                .message(Message.tool(List.of(new ToolResult("1", "t", CANARY, false))))
                .tool(new ToolSpec("t", CANARY, "{\"" + CANARY + "\":1}"))
                .stop(CANARY)
                .build();
    }

    @Test
    void chat() {
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant(CANARY))
                .raw(CANARY)
                .build();
        hides(request(), response, new StreamEvent.Finished(response));
        hides(Media.of(CANARY.getBytes(StandardCharsets.UTF_8), "image/png"));
    }

    @Test
    void embeddingRerankingAndRetrieval() {
        Chunk chunk = new Chunk("c", "d", "s", CANARY, new Chunk.Span(0, 11, 1, 1), List.of(CANARY), Metadata.NONE);
        Match match = new Match(chunk, 1);
        hides(
                EmbeddingRequest.builder(List.of(CANARY), InputType.QUERY).build(),
                RerankRequest.of(CANARY, List.of(CANARY), 1),
                RetrievalRequest.of(CANARY, 1),
                new TextQuery(CANARY, 1),
                new Retrieval(CANARY, List.of(match)),
                new Embedded(chunk, new float[] {1}),
                new Document("d", "Title", CANARY, "s", Readers.EVERYONE, Metadata.NONE),
                match);
    }

    @Test
    void scoresAndFeedback() {
        Annotator person = new Annotator(Annotator.Kind.HUMAN, "p-1");
        Score score = Score.builder("edit", Outcome.FAIL, person)
                .target(Target.interaction("i"))
                .at(Instant.EPOCH)
                .explanation(CANARY)
                .build();
        hides(
                score,
                Feedback.builder("f", Feedback.Kind.EDIT, score)
                        .edit(CANARY, CANARY)
                        .comment(CANARY)
                        .build());
    }

    @Test
    void toolLoops() {
        Tool tool = new Tool() {
            @Override
            public ToolSpec spec() {
                return new ToolSpec("t2", "", "{}");
            }

            @Override
            public ToolResult call(ToolCall call, CallContext context) {
                return call.result(CANARY);
            }
        };
        hides(ToolLoop.builder(FakeModel.of(CANARY)).tools(tool).build().run(request()));
    }

    @Test
    void errors() {
        ModelInfo poor = ModelInfo.local("fake", "poor");
        hidden(catchThrowable(() -> request().requireSupport(poor)));
        try (ChatStream truncated = new FakeStream().text(CANARY)) {
            Throwable thrown = catchThrowable(truncated::response);
            hidden(thrown);
            assertThat(((LlmException) thrown).partialText()).isEqualTo(CANARY);
        }
        ChatStream closed = new FakeStream().text(CANARY).text(CANARY);
        closed.iterator().next();
        closed.close();
        hidden(catchThrowable(closed::response));
    }

    private static void hidden(Throwable thrown) {
        assertThat(thrown).isNotNull();
        for (Throwable error = thrown; error != null; error = error.getCause()) {
            hides(error);
        }
    }
}

package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.SubCall;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.json.AnnotatedTools;
import dev.plinth.api.json.StructuredOutput;
import dev.plinth.api.json.ToolMethod;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Layers;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.score.Target;
import dev.plinth.api.testkit.FakeChatBatches;
import dev.plinth.api.testkit.HttpRecording;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.tool.ToolLoop;
import dev.plinth.api.usage.Usage;
import dev.plinth.cache.CaffeineResponseCache;
import dev.plinth.cache.ResponseCaching;
import dev.plinth.evals.EvalCase;
import dev.plinth.evals.Subject;
import dev.plinth.evals.junit.EvalAssertions;
import dev.plinth.evals.junit.EvalTest;
import dev.plinth.feedback.FeedbackRecorder;
import dev.plinth.feedback.Thumb;
import dev.plinth.feedback.jdbc.JdbcFeedbackStore;
import dev.plinth.governance.Catalogue;
import dev.plinth.governance.guardrails.Masking;
import dev.plinth.providers.jtokkit.JtokkitTokenCounter;
import dev.plinth.providers.openai.OpenAi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the documentation. What stands between the marks stands on a page, word for word. */
@DisplayName("Snippets of the documentation")
class SnippetsTest {

    private final LongAdder outputTokens = new LongAdder();

    @TempDir
    Path folder;

    @Test
    void readme() {
        String completion = "{\"choices\":[{\"message\":{\"content\":\"On its way.\"},\"finish_reason\":\"stop\"}]}";
        try (StubServer server = StubServer.start().enqueue(StubAnswer.json(completion))) {
            String url = server.url("/v1").toString();
            String key = "sk-of-nobody";
            // snippet: readme
            OpenAi openAi = OpenAi.builder().baseUrl(url).apiKey(key).build();
            ChatModel model = openAi.chatModel("gpt-5-mini");
            Platform platform = Platform.builder()
                    .chat("support", model)
                    .layer(Masking.layer())
                    .build();
            ChatRequest question = ChatRequest.of("I am ann@example.org. Where is my parcel?");
            String answer = platform.chat("support").chat(question).text();
            // end
            openAi.close();
            assertThat(answer).isEqualTo("On its way.");
            assertThat(server.requests().get(0).text()).contains("<EMAIL_1>").doesNotContain("ann@example.org");
        }
    }

    @Test
    void chat() {
        ChatModel model = ScriptedChatModel.of("Rayleigh scattering.");
        // snippet: chat
        String answer = model.chat(ChatRequest.of("Why is the sky blue?")).text();
        // end
        assertThat(answer).isEqualTo("Rayleigh scattering.");
    }

    @Test
    void request() {
        // snippet: request
        ChatRequest request = ChatRequest.builder()
                .system("Answer in one sentence.")
                .user("Why is the sky blue?")
                .temperature(0.2)
                .maxOutputTokens(200)
                .build();
        ChatRequest bolder = request.toBuilder().temperature(0.9).build();
        // end
        assertThat(bolder.messages()).isEqualTo(request.messages());
        assertThat(bolder).isNotEqualTo(request);
    }

    @Test
    void tokens() {
        // snippet: tokens
        JtokkitTokenCounter counter = JtokkitTokenCounter.forModel("gpt-5-mini");
        long exact = counter.count("Why is the sky blue?");
        TokenCount estimate = counter.count(ChatRequest.of("Why is the sky blue?"));
        // end
        assertThat(exact).isEqualTo(6);
        assertThat(estimate).isEqualTo(new TokenCount(13, Usage.Source.ESTIMATED));
    }

    @Test
    void stream() {
        ChatModel model = ScriptedChatModel.of("Once upon a time.");
        StringBuilder page = new StringBuilder();
        // snippet: stream
        try (ChatStream stream = model.stream(ChatRequest.of("Tell me a story."))) {
            Usage usage = stream.onText(page::append).response().usage();
        }
        // end
        assertThat(page).hasToString("Once upon a time.");
    }

    @Test
    void batches() {
        FakeChatBatches batches =
                FakeChatBatches.of(new ModelInfo("fake", "fake-model", Set.of(), URI.create("http://localhost")));
        Map<String, String> articles = new TreeMap<>(Map.of("a-1", "Rain in Oslo.", "a-2", "Sun in Rome."));
        Map<String, String> summaries = new TreeMap<>();
        Map<String, String> failures = new TreeMap<>();
        List<Batch> progress = new ArrayList<>() {
            @Override
            public boolean add(Batch batch) {
                batches.answer(batch.id(), "a-1", ChatResponse.of("Wet.")).end(batch.id());
                return super.add(batch);
            }
        };
        // snippet: batches
        List<BatchRequest> requests = new ArrayList<>();
        articles.forEach((id, text) -> requests.add(new BatchRequest(id, ChatRequest.of("In one sentence: " + text))));
        String batch = batches.submit(requests).id(); // all there is to keep

        batches.await(batch, Duration.ofHours(24), progress::add);
        try (BatchResults results = batches.results(batch)) {
            for (BatchResult result : results) {
                result.response().ifPresent(answer -> summaries.put(result.id(), answer.text()));
                result.error().ifPresent(error -> failures.put(result.id(), error.code()));
            }
        }
        // end
        assertThat(progress).hasSize(2);
        assertThat(summaries).isEqualTo(Map.of("a-1", "Wet."));
        assertThat(failures).isEqualTo(Map.of("a-2", "timed_out"));
    }

    @Test
    void layers() {
        ChatModel model = ScriptedChatModel.of("In Oslo.");
        Layer timing = ownLayer();
        // snippet: layers
        Platform platform =
                Platform.builder().chat("support", model).layer(timing).build();
        String answer = platform.chat("support")
                .chat(ChatRequest.of("Where is my parcel?"))
                .text();
        // end
        assertThat(answer).isEqualTo("In Oslo.");
    }

    private Layer ownLayer() {
        // snippet: own-layer
        Layer timing = new Layer() {
            @Override
            public Stage stage() {
                return Stage.OBSERVE;
            }

            @Override
            public ChatModel around(ChatModel next) {
                return ChatWatch.around(next, request -> new ChatWatch() {
                    @Override
                    public void done(ChatResponse response) {
                        outputTokens.add(response.usage().output().orElse(0));
                    }
                });
            }
        };
        // end
        return timing;
    }

    @Test
    void ownLayerCounts() {
        ChatModel model = ScriptedChatModel.of(Reply.of(
                ChatResponse.of("Five.").toBuilder().usage(Usage.of(3, 5)).build()));
        ownLayer().around(model).chat(ChatRequest.of("How many?"));
        assertThat(outputTokens.sum()).isEqualTo(5);
    }

    @Test
    void interaction() {
        ChatModel support = Platform.builder()
                .chat("support", ScriptedChatModel.of("Yes."))
                .build()
                .chat("support");
        CallContext context = CallContext.EMPTY;
        String question = "Is it there?";
        List<String> report = new ArrayList<>();
        // snippet: interaction
        try (Interaction interaction = Interaction.start("ask", context)) {
            String answer = interaction
                    .context()
                    .call(() -> support.chat(ChatRequest.of(question)).text());
            for (SubCall call : interaction.calls()) {
                report.add(call.kind() + " " + call.name() + " " + call.usage());
            }
        }
        // end
        assertThat(report).singleElement().asString().startsWith("CHAT ");
    }

    @Test
    void caching() {
        ChatModel model = ScriptedChatModel.of("Paris.");
        ChatRequest question = ChatRequest.of("What is the capital of France?");
        // snippet: caching
        ResponseCaching caching = ResponseCaching.builder(CaffeineResponseCache.ofEntries(10_000))
                .ttl(Duration.ofHours(1))
                .build();
        ChatModel cached = Layers.of(caching).around(model);
        // end
        assertThat(cached.chat(question).cached()).isFalse();
        assertThat(cached.chat(question).cached()).isTrue();
    }

    @Test
    void recording(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("sky.json"), """
                {
                  "server": "https://api.openai.com/v1",
                  "exchanges": [
                    {
                      "request": {
                        "method": "POST",
                        "path": "/v1/chat/completions",
                        "json": {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}
                      },
                      "response": {
                        "status": 200,
                        "headers": {"content-type": "application/json"},
                        "pieces": [
                          {"json": {"choices": [{"message": {"content": "Rayleigh."}, "finish_reason": "stop"}]}}
                        ],
                        "end": "complete"
                      }
                    }
                  ]
                }
                """);
        String answer;
        // snippet: recording
        try (HttpRecording recording = HttpRecording.open(file, URI.create("https://api.openai.com/v1"))) {
            String url = recording.url().toString();
            String key = System.getenv().getOrDefault("OPENAI_API_KEY", "none");
            OpenAi openAi = OpenAi.builder().baseUrl(url).apiKey(key).build();
            ChatRequest question = ChatRequest.of("Why is the sky blue?");
            answer = openAi.chatModel("gpt-5-mini").chat(question).text();
            openAi.close();
            recording.verify();
        }
        // end
        assertThat(answer).isEqualTo("Rayleigh.");
    }

    @Test
    void scripted() {
        // snippet: scripted
        ScriptedChatModel model = ScriptedChatModel.of("Paris.");
        String answer =
                model.chat(ChatRequest.of("What is the capital of France?")).text();
        // end
        assertThat(answer).isEqualTo("Paris.");
        assertThat(model.onlyRequest().messages()).hasSize(1);
    }

    static final class Weather {
        @ToolMethod("Tells the weather of a city.")
        String weather(String city) {
            return city + ": rain";
        }
    }

    @Test
    void tools() {
        ScriptedChatModel model =
                ScriptedChatModel.of(Reply.toolCall("weather", "{\"city\":\"Oslo\"}"), Reply.text("Yes, it rains."));
        // snippet: tools
        ChatModel assistant =
                ToolLoop.builder(model).tools(AnnotatedTools.of(new Weather())).build();
        String answer =
                assistant.chat(ChatRequest.of("Do I need an umbrella in Oslo?")).text();
        // end
        assertThat(answer).isEqualTo("Yes, it rains.");
        assertThat(model.requests().get(1).messages()).hasSize(3);
    }

    record Recipe(String name, List<String> steps) {}

    @Test
    void structured() {
        ChatModel model = ScriptedChatModel.of("{\"name\": \"Leek soup\", \"steps\": [\"Cut\", \"Cook\"]}");
        // snippet: structured
        StructuredOutput<Recipe> recipes = StructuredOutput.of(model, Recipe.class);
        Recipe recipe = recipes.ask("A soup with leek, for two.").value();
        // end
        assertThat(recipe).isEqualTo(new Recipe("Leek soup", List.of("Cut", "Cook")));
    }

    @Test
    void catalogue() throws IOException {
        Path file = Files.writeString(folder.resolve("catalogue.yaml"), """
                owner: platform-team
                models:
                  - alias: fast
                    provider: test
                    model: small-1
                    kind: chat
                    status: approved
                """);
        ChatModel model = ScriptedChatModel.of("Hello.");
        // snippet: catalogue
        Catalogue catalogue = Catalogue.load(file);
        Platform platform = Platform.builder()
                .chat("support", model)
                .layer(catalogue.layer())
                .build();
        // end
        assertThat(platform.chat("support").info().model()).isNotBlank();
        assertThat(catalogue.owner()).isEqualTo("platform-team");
    }

    @Test
    void feedback() {
        Path file = folder.resolve("feedback");
        Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
        List<Feedback> judgements = new ArrayList<>();
        // snippet: feedback
        try (FeedbackStore store = JdbcFeedbackStore.h2(file)) {
            FeedbackRecorder feedback = new FeedbackRecorder(store);
            Target target = Target.interaction(interaction.id());
            feedback.thumb("click-80", target, "user-7", Thumb.UP);
            feedback.edit("click-81", target, "user-7", "We ship on monday.", "We ship on Mondays.");
            judgements.addAll(store.about(target));
        }
        // end
        assertThat(judgements).hasSize(2);
    }

    private final Subject assistant = new Subject() {
        @Override
        public String answer(EvalCase evalCase) {
            return evalCase.id().equals("france") ? "Paris." : "It is Oslo.";
        }
    };

    // snippet: eval
    @EvalTest(cases = "evals/capitals.jsonl")
    void answers(EvalCase evalCase) {
        EvalAssertions.assertPasses(evalCase, assistant.answer(evalCase));
    }
    // end
}

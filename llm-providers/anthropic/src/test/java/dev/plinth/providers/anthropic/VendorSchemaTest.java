package dev.plinth.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is asked becomes a body that a third party's copy of the vendor's schema takes. */
class VendorSchemaTest {
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final ToolSpec TOOL = new ToolSpec("weather", "The weather", "{\"type\":\"object\"}");

    private static VendorSchema schema(String path) throws IOException {
        Optional<VendorSchema> schema = VendorSchema.of(path);
        assumeTrue(schema.isPresent(), "anthropic/openapi.json: not there (expected: the shared specifications)");
        return schema.get();
    }

    @Test
    void schemaTellsRightFromWrong() throws IOException {
        VendorSchema schema = schema("/v1/messages");
        String hi = "'messages':[{'role':'user','content':'Hi'}]";
        assertThat(schema.errors(tree("{'model':'m','max_tokens':1," + hi + "}")))
                .isEmpty();
        for (String wrong : List.of(
                "{'model':'m'," + hi + "}",
                "{'model':'m','max_tokens':1," + hi + ",'max_tokenz':1}",
                "{'model':'m','max_tokens':1,'messages':[{'role':'tool','content':'Hi'}]}",
                "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':'text','text':''}]}]}")) {
            assertThat(schema.errors(tree(wrong))).as(wrong).isNotEmpty();
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode tree(String json) {
        return Events.tree(json.replace('\'', '"'));
    }

    @Test
    void everyRequestIsTaken() throws IOException {
        VendorSchema messages = schema("/v1/messages");
        VendorSchema counts = schema("/v1/messages/count_tokens");
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            boolean old = random.nextBoolean();
            ChatRequest.Builder request = request(random, old);
            ApiVersion version = old ? ApiVersion.V2023_06_01 : ApiVersion.V2026_10_21;
            assertThat(messages.errors(Bodies.of(request, version)))
                    .as("%s", Bodies.of(request, version))
                    .isEmpty();
            if (!old) {
                assertThat(counts.errors(Bodies.counted(request))).isEmpty();
            }
        }
    }

    private static ChatRequest.Builder request(Random random, boolean old) {
        ChatRequest.Builder request = ChatRequest.builder();
        ToolCall call =
                new ToolCall("functions.get:" + random.nextInt(9), "weather", random.nextBoolean() ? "{}" : "{\"");
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> request.message(new Message(Role.SYSTEM, List.of(new Part.Text("Be brief"), point(random))));
                case 1 ->
                    request.message(Message.assistant(List.of(
                                    new Part.Reasoning("hm", "Eq", "anthropic"),
                                    point(random),
                                    Thoughts.redacted("Em"),
                                    new Part.Text(random.nextBoolean() ? "" : "Let me see. "),
                                    call,
                                    point(random))))
                            .message(Message.tool(List.of(call.result("x"), call.error("y"))));
                case 2 ->
                    request.message(Message.user(new Part.Text("See"), picture(random), file(random), point(random)));
                default -> request.message(Message.assistant(" Well "));
            }
        }
        request.user("Hi");
        settings(random, request);
        if (old && random.nextBoolean()) {
            request.temperature(random.nextDouble()).topP(0.5).option(Anthropic.TOP_K, 5);
        }
        return request;
    }

    private static Part point(Random random) {
        return new Part.CachePoint(random.nextBoolean() ? null : Duration.ofMinutes(1 + random.nextInt(60)));
    }

    private static Part picture(Random random) {
        return new Part.Image(
                random.nextBoolean()
                        ? Media.of(BYTES, "image/png")
                        : Media.of(URI.create("https://example.com/a.png"), "image/png"));
    }

    private static Part file(Random random) {
        String type = random.nextBoolean() ? "text/html" : "application/pdf";
        return new Part.File(Media.of(BYTES, type), random.nextBoolean() ? null : "name");
    }

    private static void settings(Random random, ChatRequest.Builder request) {
        if (random.nextBoolean()) {
            request.tool(TOOL).toolChoice(random.nextBoolean() ? ToolChoice.REQUIRED : ToolChoice.tool("weather"));
            request.parallelToolCalls(random.nextBoolean()).option(Anthropic.CACHE_TOOLS, Duration.ofHours(1));
            request.option(Anthropic.STRICT_TOOLS, random.nextBoolean());
        }
        if (random.nextBoolean()) {
            request.option(Anthropic.SERVER_TOOLS, "[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]")
                    .option(Anthropic.CITATIONS, true)
                    .option(Anthropic.CACHE_SYSTEM, Duration.ofMinutes(5));
        }
        switch (random.nextInt(3)) {
            case 0 -> request.option(Anthropic.THINKING_BUDGET, 1024 + random.nextInt(9));
            case 1 -> request.reasoningEffort(ReasoningEffort.values()[random.nextInt(7)]);
            default -> request.option(Anthropic.THINKING, true).option(Anthropic.THINKING_DISPLAY, "omitted");
        }
        if (random.nextBoolean()) {
            request.responseFormat(new ResponseFormat.Schema("s", "{\"type\":\"object\",\"properties\":{}}", true))
                    .maxOutputTokens(1 + random.nextInt(9))
                    .stop("END")
                    .userId("u")
                    .serviceTier("auto");
        }
    }
}

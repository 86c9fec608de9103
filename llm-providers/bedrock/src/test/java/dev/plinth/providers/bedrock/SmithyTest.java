package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Our requests fit AWS's own model of Converse, which is older than some of what we send. */
class SmithyTest {
    private static final byte[] BYTES = {1, 2, 3};

    private static Smithy smithy() throws IOException {
        Optional<Smithy> model = Smithy.bedrock();
        assumeTrue(model.isPresent(), "bedrock-runtime-2023-09-30.json: not there (expected: the shared specs)");
        return model.get();
    }

    private static List<String> faults(ChatRequest.Builder request) throws IOException {
        return smithy().faults(RequestTest.body(request.build(), "anthropic.claude-x"), "ConverseRequest");
    }

    private static ChatRequest.Builder full() {
        ToolCall call = new ToolCall("call:1", "weather", "{\"city\":\"Oslo\"}");
        return ChatRequest.builder()
                .system("Be brief")
                .message(Message.user(
                        new Part.Text("Hi"),
                        new Part.Image(Media.of(BYTES, "image/png")),
                        new Part.File(Media.of(BYTES, "application/pdf"), "a.pdf"),
                        new Part.File(Media.of(URI.create("s3://bucket/key"), "video/mp4"), null)))
                .message(Message.assistant(List.of(new Part.Reasoning("hm", "s", "bedrock"), call)))
                .message(Message.tool(List.of(call.result("20"), call.error("no"))))
                .tool(new ToolSpec("weather", "The weather", "{\"type\":\"object\"}"))
                .toolChoice(ToolChoice.tool("weather"))
                .maxOutputTokens(5)
                .temperature(0.5)
                .topP(0.5)
                .stop("x")
                .reasoningEffort(ReasoningEffort.LOW)
                .option(Bedrock.MODEL_FIELDS, "{\"top_k\":5}")
                .option(Bedrock.GUARDRAIL, "{\"guardrailIdentifier\":\"g1\",\"guardrailVersion\":\"1\"}")
                .option(Bedrock.REQUEST_METADATA, "{\"team\":\"x\"}")
                .option(Bedrock.LATENCY, "optimized")
                .option(Bedrock.EXTRA_BODY, "{\"additionalModelResponseFieldPaths\":[\"/x\"]}");
    }

    @Test
    void requestsFit() throws IOException {
        assertThat(faults(ChatRequest.builder().user("Hi"))).isEmpty();
        assertThat(faults(full())).isEmpty();
        assertThat(faults(full().toolChoice(ToolChoice.REQUIRED))).isEmpty();
        assertThat(faults(full().toolChoice(ToolChoice.NONE))).isEmpty();
    }

    /** What the official client of today has and the older model has not. */
    @Test
    void newerThanTheModelIsOnlyThis() throws IOException {
        ChatRequest.Builder newer = full().user("And?")
                .message(Message.user(
                        new Part.Image(Media.of(URI.create("s3://bucket/key"), "image/png")),
                        new Part.Audio(Media.of(BYTES, "audio/mpeg")),
                        new Part.File(Media.of(BYTES, "text/plain"), "a"),
                        new Part.CachePoint()))
                .serviceTier("flex")
                .responseFormat(new ResponseFormat.Schema("s", "{\"type\":\"object\"}", true))
                .option(Bedrock.CITATIONS, true)
                .option(Bedrock.CACHE_TOOLS, Duration.ofHours(1))
                .option(Bedrock.STRICT_TOOLS, true);
        assertThat(faults(newer))
                .containsExactlyInAnyOrder(
                        "/messages/0/content/2/document/citations (expected: no such member)",
                        "/messages/2/content/3/image/source/s3Location (expected: no such member)",
                        "/messages/2/content/4/audio (expected: no such member)",
                        "/messages/2/content/5/document/citations (expected: no such member)",
                        "/messages/2/content/6/cachePoint (expected: no such member)",
                        "/toolConfig/tools/0/toolSpec/strict (expected: no such member)",
                        "/toolConfig/tools/1/cachePoint (expected: no such member)",
                        "/serviceTier (expected: no such member)",
                        "/outputConfig (expected: no such member)");
    }

    @Test
    void theCheckFindsFaults() throws IOException {
        JsonNode wrong =
                Recordings.JSON.readTree("{\"messages\":[{\"role\":\"robot\",\"content\":[{\"text\":1,\"image\":{}}]}],"
                        + "\"inferenceConfig\":{\"maxTokenz\":1,\"topP\":\"x\"},\"guardrailConfig\":{}}");
        assertThat(smithy().faults(wrong, "ConverseRequest"))
                .contains(
                        "/messages/0/content/0 (expected: exactly one member)",
                        "/messages/0/content/0/image/format (expected: required)",
                        "/messages/0/role (expected: one of [user, assistant])",
                        "/inferenceConfig/maxTokenz (expected: no such member)",
                        "/guardrailConfig/guardrailIdentifier (expected: required)");
    }
}

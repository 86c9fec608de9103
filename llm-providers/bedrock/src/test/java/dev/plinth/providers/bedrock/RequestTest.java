package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {
    private static final String CLAUDE = "us.anthropic.claude-sonnet-4-6";
    private static final byte[] BYTES = {1, 2, 3};
    private static final ToolSpec TOOL = new ToolSpec(
            "weather",
            "The weather",
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1}}}");
    private static final ToolCall CALL = new ToolCall("t1", "weather", "{\"city\":\"Oslo\"}");

    static JsonNode body(ChatRequest request, String model) {
        try {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = Json.FACTORY.createGenerator(text)) {
                new Converse().write(new ChatCall(request, model, false, ErrorDetails.NONE), json);
            }
            return Recordings.JSON.readTree(text.toString());
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static JsonNode body(ChatRequest.Builder request) {
        return body(request.build(), "m");
    }

    private static JsonNode content(Message... messages) {
        return body(ChatRequest.builder().messages(List.of(messages)).tool(TOOL))
                .get("messages");
    }

    private static JsonNode json(String text) {
        try {
            return Recordings.JSON.readTree(text.replace('\'', '"'));
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static ChatRequest.Builder hi() {
        return ChatRequest.builder().user("Hi");
    }

    @Test
    void aPlainQuestionSaysNothingElse() {
        assertThat(body(hi())).isEqualTo(json("{'messages':[{'role':'user','content':[{'text':'Hi'}]}]}"));
    }

    @Test
    void limitsAndTier() {
        JsonNode body = body(hi().maxOutputTokens(7)
                .temperature(0.5)
                .topP(0.25)
                .stop("a", "b")
                .serviceTier("flex"));
        assertThat(body.get("inferenceConfig"))
                .isEqualTo(json("{'maxTokens':7,'temperature':0.5,'topP':0.25,'stopSequences':['a','b']}"));
        assertThat(body.get("serviceTier")).isEqualTo(json("{'type':'flex'}"));
    }

    @Test
    void systemMessagesStandApart() {
        JsonNode body = body(ChatRequest.builder()
                .message(new Message(Role.SYSTEM, List.of(new Part.Text("A"), new Part.CachePoint())))
                .system(" ")
                .user("Hi")
                .system("B"));
        assertThat(body.get("system")).isEqualTo(json("[{'text':'A'},{'cachePoint':{'type':'default'}},{'text':'B'}]"));
        assertThat(body.get("messages")).hasSize(1);
    }

    @Test
    void messagesOfOneSideAreJoined() {
        JsonNode messages = content(
                Message.user("1"),
                Message.user("2"),
                Message.assistant(List.of()),
                Message.user("3"),
                Message.assistant("4"),
                Message.assistant(List.of(new Part.Text("\n"), CALL)),
                Message.user("5"),
                Message.tool(List.of(CALL.result("20"), new ToolResult("t2", "weather", "no", true))),
                Message.user("6"));
        assertThat(messages)
                .isEqualTo(json("[{'role':'user','content':[{'text':'1'},{'text':'2'},{'text':'3'}]},"
                        + "{'role':'assistant','content':[{'text':'4'},"
                        + "{'toolUse':{'toolUseId':'t1','name':'weather','input':{'city':'Oslo'}}}]},"
                        + "{'role':'user','content':[{'toolResult':{'toolUseId':'t1','content':[{'text':'20'}]}},"
                        + "{'toolResult':{'toolUseId':'t2','content':[{'text':'no'}],'status':'error'}},"
                        + "{'text':'5'},{'text':'6'}]}]"));
    }

    @Test
    void aConversationWithoutContentIsRefused() {
        assertThatThrownBy(() -> body(ChatRequest.builder().system("A").user(" ")))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageStartingWith("messages: without content");
    }

    @Test
    void callsThatVendorsAndModelsSpoilAreMended() {
        String id = "functions.weather:0/" + "x".repeat(60);
        JsonNode messages = content(
                Message.user("1"),
                Message.assistant(List.of(
                        new ToolCall(id, "weather", "{broken"),
                        new ToolCall("b", "weather", ""),
                        new ToolCall("c", "weather", "{} {}"))),
                Message.tool(List.of(new ToolResult(id, "weather", " ", false))));
        JsonNode call = messages.at("/1/content/0/toolUse");
        assertThat(call.get("toolUseId").asText()).hasSize(64).matches("[a-zA-Z0-9_-]+");
        assertThat(call.get("input")).isEqualTo(json("{'INVALID_JSON':'{broken'}"));
        assertThat(messages.at("/1/content/1/toolUse/input")).isEqualTo(json("{'INVALID_JSON':''}"));
        assertThat(messages.at("/1/content/2/toolUse/input")).isEqualTo(json("{'INVALID_JSON':'{} {}'}"));
        assertThat(messages.at("/2/content/0/toolResult/toolUseId")).isEqualTo(call.get("toolUseId"));
        assertThat(messages.at("/2/content/0/toolResult/content")).isEqualTo(json("[{'text':'(empty)'}]"));
    }

    @Test
    void withoutToolsEarlierCallsAreText() {
        List<Message> messages = List.of(
                Message.user("1"),
                Message.assistant(List.of(CALL)),
                Message.tool(List.of(CALL.result("20"), CALL.error("no"))));
        String expected = "[{'role':'user','content':[{'text':'1'}]},"
                + "{'role':'assistant','content':[{'text':'[weather was called with {\\'city\\':\\'Oslo\\'}]'}]},"
                + "{'role':'user','content':[{'text':'[weather answered: 20]'},{'text':'[weather failed: no]'}]}]";
        JsonNode none = body(ChatRequest.builder().messages(messages).tool(TOOL).toolChoice(ToolChoice.NONE));
        assertThat(none.has("toolConfig")).isFalse();
        assertThat(none.get("messages")).isEqualTo(json(expected));
        assertThat(body(ChatRequest.builder().messages(messages))).isEqualTo(none);
    }

    @Test
    void toolsAndTheirChoice() {
        JsonNode config =
                body(hi().tool(TOOL).tool(new ToolSpec("b", " ", "{}"))).get("toolConfig");
        assertThat(config)
                .isEqualTo(json("{'tools':[{'toolSpec':{'name':'weather','description':'The weather','inputSchema':"
                        + "{'json':{'type':'object','properties':{'n':{'type':'integer','minimum':1}}}}}},"
                        + "{'toolSpec':{'name':'b','inputSchema':{'json':{}}}}]}"));
        assertThat(body(hi().tool(TOOL).toolChoice(ToolChoice.REQUIRED)).at("/toolConfig/toolChoice"))
                .isEqualTo(json("{'any':{}}"));
        assertThat(body(hi().tool(TOOL).toolChoice(ToolChoice.tool("weather"))).at("/toolConfig/toolChoice"))
                .isEqualTo(json("{'tool':{'name':'weather'}}"));
    }

    @Test
    void strictToolsAreBroughtDownToWhatIsEnforced() {
        JsonNode config =
                body(hi().tool(TOOL).option(Bedrock.STRICT_TOOLS, true)).get("toolConfig");
        assertThat(config.at("/tools/0/toolSpec/strict").asBoolean()).isTrue();
        JsonNode schema = config.at("/tools/0/toolSpec/inputSchema/json");
        assertThat(schema.get("additionalProperties")).isEqualTo(json("false"));
        assertThat(schema.at("/properties/n").has("minimum")).isFalse();
        assertThat(schema.at("/properties/n/description").asText()).contains("minimum");
    }

    @Test
    void cacheMarksKeepForOneOfTwoSpans() {
        assertThat(body(hi().tool(TOOL).option(Bedrock.CACHE_TOOLS, Duration.ofMinutes(5)))
                        .at("/toolConfig/tools/1"))
                .isEqualTo(json("{'cachePoint':{'type':'default'}}"));
        JsonNode user = content(Message.user(
                new Part.Text("A"),
                new Part.CachePoint(Duration.ofHours(1)),
                new Part.CachePoint(Duration.ofSeconds(1))));
        assertThat(user.at("/0/content/1")).isEqualTo(json("{'cachePoint':{'type':'default','ttl':'1h'}}"));
        assertThat(user.at("/0/content/2")).isEqualTo(json("{'cachePoint':{'type':'default'}}"));
    }

    @Test
    void schemaIsEnforced() {
        ResponseFormat.Schema schema =
                new ResponseFormat.Schema("city", "{\"type\":\"object\",\"properties\":{}}", true);
        JsonNode config = body(hi().responseFormat(schema)).get("outputConfig");
        JsonNode written = config.at("/textFormat/structure/jsonSchema");
        assertThat(config.at("/textFormat/type").asText()).isEqualTo("json_schema");
        assertThat(written.get("name").asText()).isEqualTo("city");
        assertThat(json(written.get("schema").asText()))
                .isEqualTo(json("{'type':'object','properties':{},'additionalProperties':false}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "us.anthropic.claude-sonnet-4-6|NONE|additionalModelRequestFields|{'thinking':{'type':'disabled'}}",
                "anthropic.claude-opus-5|MINIMAL|additionalModelRequestFields|{'thinking':{'type':'adaptive'},'output_config':{'effort':'low'}}",
                "anthropic.claude-opus-5|XHIGH|additionalModelRequestFields|{'thinking':{'type':'adaptive'},'output_config':{'effort':'xhigh'}}",
                "openai.gpt-oss-120b-1:0|MINIMAL|additionalModelRequestFields|{'reasoning_effort':'low'}",
                "openai.gpt-oss-120b-1:0|MAX|additionalModelRequestFields|{'reasoning_effort':'high'}",
                "qwen.qwen3-32b-v1:0|LOW|additionalModelRequestFields|{'reasoning_config':'low'}",
                "qwen.qwen3-32b-v1:0|MEDIUM|additionalModelRequestFields|{'reasoning_config':'high'}",
                "amazon.nova-2-lite-v1:0|MEDIUM|outputConfig|{'effort':'medium'}",
                "arn:aws:bedrock:us-east-1:1:application-inference-profile/x|MAX|outputConfig|{'effort':'max'}",
            })
    void effortInTheWordsOfTheFamily(String model, ReasoningEffort effort, String field, String expected) {
        JsonNode body = body(hi().reasoningEffort(effort).build(), model);
        assertThat(body.get(field)).isEqualTo(json(expected));
        assertThat(body).hasSize(2);
    }

    @Test
    void notToThinkIsRefusedWhereItCannotBeSaid() {
        for (String model : List.of("openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0", "amazon.nova-2-lite-v1:0")) {
            ChatRequest request = hi().reasoningEffort(ReasoningEffort.NONE).build();
            assertThatThrownBy(() -> body(request, model))
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageStartingWith("reasoningEffort: NONE for " + model);
        }
    }

    @Test
    void optionsInBedrocksOwnWords() {
        JsonNode body = body(
                hi().reasoningEffort(ReasoningEffort.LOW)
                        .option(Bedrock.MODEL_FIELDS, "{\"top_k\":5}")
                        .option(Bedrock.GUARDRAIL, "{\"guardrailIdentifier\":\"g\",\"guardrailVersion\":\"1\"}")
                        .option(Bedrock.REQUEST_METADATA, "{\"team\":\"x\"}")
                        .option(Bedrock.LATENCY, "optimized")
                        .option(Bedrock.EXTRA_BODY, "{\"promptVariables\":{\"a\":{\"text\":\"b\"}}}")
                        .build(),
                CLAUDE);
        assertThat(body.get("additionalModelRequestFields"))
                .isEqualTo(json("{'thinking':{'type':'adaptive'},'output_config':{'effort':'low'},'top_k':5}"));
        assertThat(body.get("guardrailConfig")).isEqualTo(json("{'guardrailIdentifier':'g','guardrailVersion':'1'}"));
        assertThat(body.get("requestMetadata")).isEqualTo(json("{'team':'x'}"));
        assertThat(body.get("performanceConfig")).isEqualTo(json("{'latency':'optimized'}"));
        assertThat(body.get("promptVariables")).isEqualTo(json("{'a':{'text':'b'}}"));
    }

    @Test
    void optionsThatContradictOrAreBrokenAreRefused() {
        refused(Bedrock.MODEL_FIELDS, "{\"thinking\":{}}");
        refused(Bedrock.EXTRA_BODY, "{\"messages\":[]}");
        for (OptionKey<String> key :
                List.of(Bedrock.MODEL_FIELDS, Bedrock.GUARDRAIL, Bedrock.REQUEST_METADATA, Bedrock.EXTRA_BODY)) {
            refused(key, "nonsense");
            refused(key, "[1]");
            refused(key, "{\"a\":");
        }
    }

    private static void refused(OptionKey<String> key, String value) {
        ChatRequest request =
                hi().reasoningEffort(ReasoningEffort.HIGH).option(key, value).build();
        assertThatThrownBy(() -> body(request, CLAUDE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key.name() + ": ")
                .hasMessageNotContaining("nonsense");
    }

    @Test
    void mediaByBytesAndInS3() {
        URI s3 = URI.create("s3://bucket/key");
        assertThat(content(Message.user(
                                new Part.Image(Media.of(BYTES, "image/JPEG")),
                                new Part.Image(Media.of(s3, "image/webp")),
                                new Part.Audio(Media.of(BYTES, "audio/mpeg")),
                                new Part.File(Media.of(s3, "video/3gpp"), "a film"),
                                new Part.File(Media.of(BYTES, "application/pdf"), "q1 report_v2.pdf"),
                                new Part.File(Media.of(BYTES, "text/plain"), null),
                                new Part.File(Media.of(BYTES, "text/markdown"), null)))
                        .at("/0/content"))
                .isEqualTo(json("[{'image':{'format':'jpeg','source':{'bytes':'AQID'}}},"
                        + "{'image':{'format':'webp','source':{'s3Location':{'uri':'s3://bucket/key'}}}},"
                        + "{'audio':{'format':'mp3','source':{'bytes':'AQID'}}},"
                        + "{'video':{'format':'three_gp','source':{'s3Location':{'uri':'s3://bucket/key'}}}},"
                        + "{'document':{'name':'q1 report-v2-pdf','format':'pdf','source':{'bytes':'AQID'}}},"
                        + "{'document':{'name':'document 1','format':'txt','source':{'bytes':'AQID'}}},"
                        + "{'document':{'name':'document 2','format':'md','source':{'bytes':'AQID'}}}]"));
        JsonNode cited = body(ChatRequest.builder()
                .message(Message.user(new Part.File(Media.of(BYTES, "text/plain"), "a")))
                .option(Bedrock.CITATIONS, true));
        assertThat(cited.at("/messages/0/content/0/document/citations")).isEqualTo(json("{'enabled':true}"));
    }

    @Test
    void whatThereAreNoWordsForIsRefused() {
        Media web = Media.of(URI.create("https://x.org/a"), "image/png");
        refused("image: an address of https", Message.user(new Part.Image(web)));
        refused("image: image/tiff", Message.user(new Part.Image(Media.of(BYTES, "image/tiff"))));
        refused("image: detail low", Message.user(new Part.Image(Media.of(BYTES, "image/png"), "low")));
        refused("audio: audio/x", Message.user(new Part.Audio(Media.of(BYTES, "audio/x"))));
        refused("document: application/zip", Message.user(new Part.File(Media.of(BYTES, "application/zip"), null)));
        refused("part: of anthropic", Message.user(new Part.Other("anthropic", "x", "{}")));
        refused("part: Image in a message of ASSISTANT", Message.assistant(List.of(new Part.Image(web))));
        refused("part: ToolCall in a message of USER", Message.user(CALL));
        refused("part: Image in a message of SYSTEM", new Message(Role.SYSTEM, List.of(new Part.Image(web))));
    }

    private static void refused(String message, Message said) {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi").message(said);
        assertThatThrownBy(() -> body(request))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void thoughtsOfOthersAreLeftOut() {
        assertThat(content(
                                Message.user("1"),
                                Message.assistant(List.of(
                                        new Part.Reasoning("a", "s", "bedrock"),
                                        new Part.Reasoning("b", "s", "anthropic"),
                                        new Part.Reasoning("c"),
                                        new Part.Text("A"))))
                        .at("/1/content"))
                .isEqualTo(json("[{'reasoningContent':{'reasoningText':{'text':'a','signature':'s'}}},{'text':'A'}]"));
    }

    /** What a model said goes back as it came. */
    @Test
    void answersAreHistory() {
        String blocks = "[{'reasoningContent':{'reasoningText':{'text':'hm','signature':'s'}}},"
                + "{'reasoningContent':{'redactedContent':'AQID'}},{'text':'A'},{'image':{'format':'png'}},"
                + "{'toolUse':{'toolUseId':'s1','name':'x','type':'server_tool_use','input':{}}},"
                + "{'toolResult':{'toolUseId':'s1','status':'success','content':[{'json':{'a':1.50}}]}},"
                + "{'toolUse':{'toolUseId':'t1','name':'weather','input':{'city':'Oslo','n':1}}}]";
        ChatResponse answer = Served.chat(Answers.of(blocks.replace('\'', '"'), "tool_use", Answers.USAGE));
        assertThat(content(Message.user("1"), answer.message()).at("/1/content"))
                .isEqualTo(json(blocks));
    }

    @Test
    void modelIdsAreOneSegmentOfThePath() {
        assertThat(path("arn:aws:bedrock:us-east-1:1:inference-profile/us.x-v1:0", true))
                .isEqualTo(
                        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/converse-stream");
        assertThat(path("a b?c#d%é~", false)).isEqualTo("/model/a%20b%3Fc%23d%25%C3%A9~/converse");
    }

    private static String path(String model, boolean streamed) {
        return new Converse().path(new ChatCall(ChatRequest.of("Hi"), model, streamed, ErrorDetails.NONE));
    }

    @Test
    void textOfAllPlanesIsWritten() {
        String text = "é € 😀 \u0000 \" \\ \n";
        assertThat(content(Message.user(text)).at("/0/content/0/text").asText().getBytes(StandardCharsets.UTF_8))
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.plinth.api.error.UnsupportedCapabilityException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponsesRequestTest {
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final String BASE64 = "Y29udGVudA==";
    private static final String SCHEMA =
            "{\"$schema\":\"x\",\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":2}}}";
    private static final String PLAIN = "{'type':'object','properties':{'a':{'type':'string','minLength':2}}}";
    private static final String STRICT =
            "{'type':'object','properties':{'a':{'type':['string','null'],'description':'minLength: 2'}},"
                    + "'required':['a'],'additionalProperties':false}";

    private static JsonNode body(ChatRequest.Builder request) throws IOException {
        return Bodies.responses(request, false);
    }

    private static void is(JsonNode actual, String expected) throws IOException {
        assertThat(SameJson.differences(TestJson.JSON.readTree(expected.replace('\'', '"')), actual))
                .as("%s", actual)
                .isEmpty();
    }

    @Test
    void oneMessageIsTheInput() throws IOException {
        is(body(ChatRequest.builder().user("Hi")), "{'model':'m','input':'Hi'}");
        is(Bodies.responses(ChatRequest.builder().user("Hi"), true), "{'model':'m','input':'Hi','stream':true}");
    }

    @Test
    void systemMessagesThatComeFirstAreInstructions() throws IOException {
        is(
                body(ChatRequest.builder()
                        .system("Be brief.")
                        .system("Be kind.")
                        .user("Hi")
                        .message(Message.assistant("Yes?"))
                        .system("Hurry.")
                        .user("Why?")),
                "{'model':'m','instructions':'Be brief.\\n\\nBe kind.','input':["
                        + "{'role':'user','content':'Hi'},{'role':'assistant','content':'Yes?'},"
                        + "{'role':'system','content':'Hurry.'},{'role':'user','content':'Why?'}]}");
    }

    @Test
    void partsOfAUser() throws IOException {
        URI address = URI.create("https://example.com/a");
        JsonNode body = body(ChatRequest.builder()
                .message(Message.user(
                        new Part.Text("See"),
                        new Part.CachePoint(null),
                        new Part.Image(Media.of(BYTES, "image/png"), "low"),
                        new Part.Image(Media.of(address, "image/png")),
                        new Part.File(Media.of(BYTES, "application/pdf"), "a.pdf"),
                        new Part.File(Media.of(address, "application/pdf"), null),
                        new Part.Other("openai-responses", "input_new", "{\"type\":\"input_new\"}"))));
        is(
                body.at("/input/0/content"),
                "[{'type':'input_text','text':'See'},"
                        + "{'type':'input_image','image_url':'data:image/png;base64," + BASE64 + "','detail':'low'},"
                        + "{'type':'input_image','image_url':'https://example.com/a','detail':'auto'},"
                        + "{'type':'input_file','filename':'a.pdf','file_data':'data:application/pdf;base64," + BASE64
                        + "'},{'type':'input_file','file_url':'https://example.com/a'},{'type':'input_new'}]");
    }

    /** The order is the model's own: what it thought, what it said, what it called; then what the tools said. */
    @Test
    void conversationGoesBackItemByItem() throws IOException {
        String thought = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"x==\"}";
        String search = "{\"type\":\"web_search_call\",\"id\":\"ws_1\"}";
        ToolCall call = new ToolCall("call_1", "weather", "{\"city\":\"Oslo\"}");
        JsonNode body = body(ChatRequest.builder()
                .user("Hi")
                .message(Message.assistant(List.of(
                        new Part.Reasoning("hm", thought, "openai-responses"),
                        new Part.Reasoning("nobody's"),
                        new Part.Reasoning("another's", "Eq==", "anthropic"),
                        new Part.Other("openai-responses", "web_search_call", search),
                        new Part.Text("Let me see."),
                        new Part.Text(""),
                        call)))
                .message(Message.tool(List.of(call.result("sun")))));
        is(
                body.get("input"),
                "[{'role':'user','content':'Hi'}," + thought + "," + search
                        + ",{'role':'assistant','content':'Let me see.'},"
                        + "{'type':'function_call','call_id':'call_1','name':'weather','arguments':'{\\'city\\':\\'Oslo\\'}'},"
                                .replace("\\'", "\\\"")
                        + "{'type':'function_call_output','call_id':'call_1','output':'sun'}]");
    }

    @Test
    void toolsAreFlat() throws IOException {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi").tool(new ToolSpec("weather", "W", SCHEMA));
        String start = "[{'type':'function','name':'weather','description':'W','parameters':";
        is(body(request).get("tools"), start + PLAIN + ",'strict':false}]");
        is(body(request.option(OpenAi.STRICT_TOOLS, true)).get("tools"), start + STRICT + ",'strict':true}]");
        assertThat(body(request).has("tool_choice")).isFalse();
        is(body(request.toolChoice(ToolChoice.NONE)).get("tool_choice"), "'none'");
        is(body(request.toolChoice(ToolChoice.REQUIRED)).get("tool_choice"), "'required'");
        is(
                body(request.toolChoice(ToolChoice.tool("weather"))).get("tool_choice"),
                "{'type':'function','name':'weather'}");
        assertThat(body(request.parallelToolCalls(false))
                        .get("parallel_tool_calls")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void formats() throws IOException {
        ChatRequest.Builder request = ChatRequest.builder().user("Hi");
        assertThat(body(request).has("text")).isFalse();
        is(body(request.responseFormat(ResponseFormat.JSON)).get("text"), "{'format':{'type':'json_object'}}");
        String start = "{'format':{'type':'json_schema','name':'report','strict':";
        is(
                body(request.responseFormat(new ResponseFormat.Schema("report", SCHEMA, true)))
                        .get("text"),
                start + "true,'schema':" + STRICT + "}}");
        is(
                body(request.responseFormat(new ResponseFormat.Schema("report", SCHEMA, false))
                                .option(OpenAi.VERBOSITY, "low"))
                        .get("text"),
                start + "false,'schema':" + PLAIN + "},'verbosity':'low'}");
    }

    @Test
    void settings() throws IOException {
        is(
                body(ChatRequest.builder()
                        .user("Hi")
                        .temperature(0.5)
                        .topP(0.9)
                        .maxOutputTokens(7)
                        .reasoningEffort(ReasoningEffort.LOW)
                        .logprobs(3)
                        .serviceTier("flex")
                        .userId("u1")
                        .option(OpenAi.STORE, false)
                        .option(OpenAi.ENCRYPTED_REASONING, true)
                        .option(OpenAi.REASONING_SUMMARY, "auto")
                        .option(OpenAi.PREVIOUS_RESPONSE_ID, "resp_0")
                        .option(OpenAi.PROMPT_CACHE_KEY, "k1")
                        .option(OpenAi.EXTRA_BODY, "{\"truncation\":\"auto\"}")),
                "{'model':'m','input':'Hi','temperature':0.5,'top_p':0.9,'max_output_tokens':7,"
                        + "'reasoning':{'effort':'low','summary':'auto'},"
                        + "'include':['reasoning.encrypted_content','message.output_text.logprobs'],'top_logprobs':3,"
                        + "'service_tier':'flex','user':'u1','previous_response_id':'resp_0','prompt_cache_key':'k1',"
                        + "'store':false,'truncation':'auto'}");
        for (String own : List.of("store", "include", "input", "previous_response_id", "text")) {
            ChatRequest.Builder twice =
                    ChatRequest.builder().user("Hi").option(OpenAi.EXTRA_BODY, "{\"" + own + "\":1}");
            assertThatThrownBy(() -> body(twice)).as(own).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatTheProtocolCannotSayIsRefused() {
        refused(Message.user(new Part.Audio(Media.of(BYTES, "audio/wav"))), "part-by-role");
        refused(Message.user(new Part.Other("openai", "new", "{}")), "part-of-protocol");
        refused(Message.assistant(List.of(new Part.Image(Media.of(BYTES, "image/png")))), "part-by-role");
    }

    private static void refused(Message message, String capability) {
        assertThatThrownBy(() -> body(ChatRequest.builder().message(message).user("Hi")))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        error -> assertThat(error.capability()).isEqualTo(capability));
    }
}

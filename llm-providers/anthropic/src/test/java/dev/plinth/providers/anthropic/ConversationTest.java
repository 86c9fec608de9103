package dev.plinth.providers.anthropic;

import static dev.plinth.providers.anthropic.Bodies.is;
import static dev.plinth.providers.anthropic.Bodies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.Role;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final URI ADDRESS = URI.create("https://example.com/a%20b?c=d");

    private static ChatRequest.Builder asking(Message... messages) {
        return ChatRequest.builder().messages(List.of(messages));
    }

    private static JsonNode block(Part part) {
        return Bodies.messages(Message.user(part)).at("/0/content/0");
    }

    private static Part.Other other(String type, String json) {
        return new Part.Other("anthropic", type, json);
    }

    @Test
    void systemMessagesAreTheSystemPromptWhereverTheyStand() {
        JsonNode body = Bodies.of(asking(
                Message.system("One"),
                Message.user("Hi"),
                Message.assistant("Yes?"),
                Message.system("Two"),
                Message.user("Go")));
        is(body.get("system"), "[{'type':'text','text':'One'},{'type':'text','text':'Two'}]");
        is(
                body.get("messages"),
                "[{'role':'user','content':'Hi'},{'role':'assistant','content':'Yes?'},{'role':'user','content':'Go'}]");
        is(Bodies.of(asking(Message.system("One"), Message.user("Hi"))).get("system"), "'One'");
    }

    @Test
    void systemMessagesStayInPlaceWhereAskedForAndAllowed() {
        ChatRequest.Builder request = asking(
                        Message.system("First"),
                        Message.user("A"),
                        Message.system("Then"),
                        Message.user("B"),
                        Message.assistant("C"),
                        Message.system("Not after an assistant"),
                        Message.assistant("D"),
                        Message.user("E"),
                        Message.system("Last"))
                .option(Anthropic.SYSTEM_IN_PLACE, true);
        JsonNode body = Bodies.of(request);
        is(body.get("system"), "[{'type':'text','text':'First'},{'type':'text','text':'Not after an assistant'}]");
        is(
                body.get("messages"),
                "[{'role':'user','content':[{'type':'text','text':'A'},{'type':'text','text':'B'}]},"
                        + "{'role':'system','content':'Then'},"
                        + "{'role':'assistant','content':[{'type':'text','text':'C'},{'type':'text','text':'D'}]},"
                        + "{'role':'user','content':'E'},{'role':'system','content':'Last'}]");
    }

    @Test
    void oneSideSpeaksOnceAndToolResultsFirst() {
        ToolCall one = new ToolCall("toolu_1", "weather", "{\"city\":\"Oslo\"}");
        ToolCall two = new ToolCall("toolu_2", "weather", "{}");
        is(
                Bodies.messages(
                        Message.user("Hi"),
                        Message.assistant("Let me see."),
                        Message.assistant(List.of(one, two)),
                        Message.user("And quickly!"),
                        Message.tool(List.of(one.result("sun"))),
                        Message.tool(List.of(two.error("no such city"), new ToolResult("toolu_3", "x", "", false)))),
                "[{'role':'user','content':'Hi'},{'role':'assistant','content':[{'type':'text','text':'Let me see.'},"
                        + "{'type':'tool_use','id':'toolu_1','name':'weather','input':{'city':'Oslo'}},"
                        + "{'type':'tool_use','id':'toolu_2','name':'weather','input':{}}]},{'role':'user','content':["
                        + "{'type':'tool_result','tool_use_id':'toolu_1','content':'sun'},"
                        + "{'type':'tool_result','tool_use_id':'toolu_2','content':'no such city','is_error':true},"
                        + "{'type':'tool_result','tool_use_id':'toolu_3'},{'type':'text','text':'And quickly!'}]}]");
    }

    @Test
    void whatIsBlankIsLeftOut() {
        is(
                Bodies.messages(
                        Message.user("Hi"),
                        Message.assistant(List.of()),
                        Message.assistant(List.of(new Part.Text("\n"), new Part.Reasoning("hm"))),
                        Message.user(new Part.Text(""), new Part.Text("there"))),
                "[{'role':'user','content':[{'type':'text','text':'Hi'},{'type':'text','text':'there'}]}]");
        refused(asking(Message.user(" ")), "empty-conversation");
        refused(asking(Message.system("Alone")), "empty-conversation");
    }

    @Test
    void whatTheModelShallGoOnWithEndsWithoutWhiteSpace() {
        is(
                Bodies.messages(Message.user("Hi \n"), Message.assistant("Well, \n")),
                "[{'role':'user','content':'Hi \\n'},{'role':'assistant','content':'Well,'}]");
        is(
                Bodies.messages(Message.assistant("Well, "), Message.user("Hi")).get(0),
                "{'role':'assistant','content':'Well, '}");
    }

    @Test
    void thoughtsGoBackAsTheyCameIfSignedHere() {
        List<Part> said = List.of(
                new Part.Reasoning("hm", "EqQ", "anthropic"),
                new Part.Reasoning("", "Omitted", "anthropic"),
                Thoughts.redacted("Em"),
                new Part.Reasoning("unsigned"),
                new Part.Reasoning("foreign", "s", "gemini"),
                new Part.Text("42"));
        is(
                Bodies.messages(Message.assistant(said), Message.user("Why?")).at("/0/content"),
                "[{'type':'thinking','thinking':'hm','signature':'EqQ'},"
                        + "{'type':'thinking','thinking':'','signature':'Omitted'},"
                        + "{'type':'redacted_thinking','data':'Em'},{'type':'text','text':'42'}]");
    }

    @Test
    void brokenArgumentsBecomeAnObject() {
        for (String broken : List.of("", "{\"a\":", "[1]", "{} {}", "7")) {
            ToolCall call = new ToolCall("c", "f", broken);
            JsonNode input = Bodies.messages(Message.user("x"), Message.assistant(List.of(call)))
                    .at("/1/content/0/input");
            assertThat(input).isEqualTo(Events.JSON.createObjectNode().put("INVALID_JSON", broken));
        }
    }

    @Test
    void idsOfOtherVendorsAreMadeToFit() {
        ToolCall call = new ToolCall("functions.get:0", "get", "{}");
        JsonNode messages = Bodies.messages(
                Message.user("x"), Message.assistant(List.of(call)), Message.tool(List.of(call.result("1"))));
        String id = messages.at("/1/content/0/id").asText();
        assertThat(id).matches("[a-zA-Z0-9_-]+");
        assertThat(messages.at("/2/content/0/tool_use_id").asText()).isEqualTo(id);
        ToolCall nameless = new ToolCall("", "get", "{}");
        assertThat(Bodies.messages(Message.user("x"), Message.assistant(List.of(nameless)))
                        .at("/1/content/0/id")
                        .asText())
                .matches("[a-zA-Z0-9_-]+");
    }

    @Test
    void pictures() {
        is(
                block(new Part.Image(Media.of(BYTES, "image/png"))),
                "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'Y29udGVudA=='}}");
        is(
                block(new Part.Image(Media.of(ADDRESS, "image/png"))),
                "{'type':'image','source':{'type':'url','url':'https://example.com/a%20b?c=d'}}");
        is(
                block(new Part.Image(Anthropic.file("file_011", "image/png"))),
                "{'type':'image','source':{'type':'file','file_id':'file_011'}}");
        refused(asking(Message.user(new Part.Image(Media.of(BYTES, "image/png"), "low"))), "image-detail");
    }

    @Test
    void documents() {
        is(
                block(new Part.File(Media.of(BYTES, "application/pdf"), "a.pdf")),
                "{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'Y29udGVudA=='},"
                        + "'title':'a.pdf'}");
        is(
                block(new Part.File(Media.of(ADDRESS, "application/pdf"), null)),
                "{'type':'document','source':{'type':'url','url':'https://example.com/a%20b?c=d'}}");
        is(
                block(new Part.File(Media.of(BYTES, "text/markdown"), null)),
                "{'type':'document','source':{'type':'text','media_type':'text/plain','data':'content'}}");
        is(
                block(new Part.File(Anthropic.file("file_011", "text/csv"), "t")),
                "{'type':'document','source':{'type':'file','file_id':'file_011'},'title':'t'}");
        refused(asking(Message.user(new Part.File(Media.of(BYTES, "application/zip"), null))), "file-format");
        refused(asking(Message.user(new Part.File(Media.of(ADDRESS, "text/plain"), null))), "file-format");
        byte[] latin1 = {(byte) 0xe9};
        refused(asking(Message.user(new Part.File(Media.of(latin1, "text/plain"), null))), "file-encoding");
    }

    @Test
    void citationsAreAskedForOfEachFile() {
        ChatRequest.Builder request = asking(Message.user(
                        new Part.File(Media.of(BYTES, "text/plain"), null),
                        new Part.File(Anthropic.file("file_011", "application/pdf"), null),
                        new Part.Text("Why?")))
                .option(Anthropic.CITATIONS, true);
        JsonNode content = Bodies.of(request).at("/messages/0/content");
        is(content.at("/0/citations"), "{'enabled':true}");
        is(content.at("/1/citations"), "{'enabled':true}");
        assertThat(content.get(2).has("citations")).isFalse();
    }

    @Test
    void documentsOfTheAssistantAreOfTheOldVersion() {
        Part file = new Part.File(Media.of(BYTES, "text/plain"), null);
        Part raw = other("document", "{\"source\":{},\"type\":\"document\"}");
        for (Part document : List.of(file, raw)) {
            ChatRequest.Builder request = asking(Message.user("x"), Message.assistant(List.of(document)));
            refused(request, "assistant-document");
            assertThat(Bodies.of(request, ApiVersion.V2023_06_01)
                            .at("/messages/1/content/0/type")
                            .asText())
                    .isEqualTo("document");
            assertThat(Bodies.of(asking(Message.user(document)))
                            .at("/messages/0/content/0/type")
                            .asText())
                    .isEqualTo("document");
        }
        Part.Other result = other("result", "{\"content\":{\"type\":\"document\"}}");
        is(
                Bodies.messages(Message.user("x"), Message.assistant(List.of(result)))
                        .at("/1/content/0"),
                "{'content':{'type':'document'}}");
    }

    @Test
    void citationsOfTheUserAreOfTheOldVersion() {
        String citing = "{\"type\":\"text\",\"text\":\"a\",\"citations\":[{\"type\":\"char_location\"}]}";
        String within = "{\"type\":\"search_result\",\"citations\":{\"enabled\":true},\"content\":[" + citing + "]}";
        for (String json : List.of(citing, within)) {
            ChatRequest.Builder request = asking(Message.user(other("x", json)));
            refused(request, "user-citations");
            is(Bodies.of(request, ApiVersion.V2023_06_01).at("/messages/0/content/0"), json);
            is(
                    Bodies.messages(Message.user("x"), Message.assistant(List.of(other("x", json))))
                            .at("/1/content/0"),
                    json);
        }
        for (String without : List.of(
                "{\"type\":\"text\",\"text\":\"a\",\"citations\":[]}",
                "{\"type\":\"search_result\",\"citations\":{\"enabled\":true},\"list\":[1]}")) {
            is(block(other("x", without)), without);
        }
    }

    @Test
    void wordsOfTheProtocolGoAsTheyAre() {
        String search = "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":"
                + "{\"query\":\"a \\\"b\\\" \\u00e9\",\"n\":[1.50,null,true,{}]}}";
        is(
                Bodies.messages(Message.user("x"), Message.assistant(List.of(other("server_tool_use", search))))
                        .at("/1/content/0"),
                search);
        refused(asking(Message.user(new Part.Other("openai", "x", "{}"))), "part-of-protocol");
        for (String broken : List.of("", "[]", "7", "{\"a\":", "{\"a\":1", "nonsense")) {
            assertThatIllegalArgumentException()
                    .as(broken)
                    .isThrownBy(() -> block(other("odd", broken)))
                    .withMessageStartingWith("part.odd: ")
                    .withMessageNotContaining("nonsense");
        }
    }

    @Test
    void cachePointsMarkTheBlockBeforeThem() {
        JsonNode body = Bodies.of(asking(
                new Message(Role.SYSTEM, List.of(new Part.Text("Long"), new Part.CachePoint(Duration.ofHours(1)))),
                Message.user(new Part.Text("Book"), new Part.CachePoint(), new Part.Text("Question"))));
        is(body.get("system"), "[{'type':'text','text':'Long','cache_control':{'type':'ephemeral','ttl':'1h'}}]");
        is(
                body.at("/messages/0/content"),
                "[{'type':'text','text':'Book','cache_control':{'type':'ephemeral'}},{'type':'text','text':'Question'}]");
    }

    @Test
    void cachePointsPassOverWhatCannotBeMarked() {
        JsonNode messages = Bodies.messages(
                Message.user(new Part.CachePoint(), new Part.Text("Hi")),
                Message.assistant(List.of(
                        new Part.Text("Yes"),
                        new Part.Reasoning("hm", "s", "anthropic"),
                        new Part.CachePoint(Duration.ofSeconds(1)))),
                Message.user(other("x", "{\"type\":\"x\"}"), new Part.CachePoint(Duration.ofMinutes(6))));
        is(messages.at("/0"), "{'role':'user','content':'Hi'}");
        is(messages.at("/1/content/0/cache_control"), "{'type':'ephemeral','ttl':'5m'}");
        assertThat(messages.at("/1/content/1").has("cache_control")).isFalse();
        is(messages.at("/2/content/0"), "{'type':'x','cache_control':{'type':'ephemeral','ttl':'1h'}}");
    }

    @Test
    void lastFourMarksStay() {
        ChatRequest.Builder request = ChatRequest.builder()
                .message(new Message(Role.SYSTEM, List.of(new Part.Text("S"), new Part.CachePoint())))
                .tool(new dev.plinth.api.chat.ToolSpec("t", "", "{\"type\":\"object\"}"))
                .option(Anthropic.CACHE_TOOLS, Duration.ofMinutes(5));
        for (int i = 0; i < 5; i++) {
            request.message(Message.user(new Part.Text("u" + i), new Part.CachePoint()));
        }
        JsonNode body = Bodies.of(request);
        assertThat(body.findValues("cache_control")).hasSize(4);
        assertThat(body.at("/tools/0").has("cache_control")).isTrue();
        is(body.get("system"), "'S'");
        assertThat(body.at("/messages/0/content/1").has("cache_control")).isFalse();
        assertThat(body.at("/messages/0/content/2").has("cache_control")).isTrue();
    }

    @Test
    void partsStandWhereTheyBelong() {
        Part picture = new Part.Image(Media.of(BYTES, "image/png"));
        refused(asking(Message.user("x"), Message.assistant(List.of(picture))), "part-by-role");
        refused(asking(Message.user(new Part.Reasoning("hm"))), "part-by-role");
        refused(asking(Message.user(new ToolCall("c", "f", "{}"))), "part-by-role");
        refused(asking(new Message(Role.SYSTEM, List.of(picture)), Message.user("x")), "part-by-role");
    }
}

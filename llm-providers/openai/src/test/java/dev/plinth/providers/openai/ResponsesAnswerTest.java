package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a response says, whole and in events alike. */
class ResponsesAnswerTest extends ResponsesServer {
    // how it ends

    @ParameterizedTest
    @CsvSource({
        "completed, null, STOP, completed",
        "incomplete, {'reason':'max_output_tokens'}, LENGTH, max_output_tokens",
        "incomplete, {'reason':'content_filter'}, CONTENT_FILTER, content_filter",
        "incomplete, null, OTHER, incomplete",
        "cancelled, null, OTHER, cancelled",
    })
    void endings(String status, String details, FinishReason reason, String raw) {
        String body = response(HELLO)
                .replace("completed", status)
                .replace("'incomplete_details':null", "'incomplete_details':" + details);
        for (ChatResponse response :
                List.of(plain(body), read("{'type':'response." + status + "','response':" + body + "}"))) {
            assertThat(response.text()).isEqualTo("Hello");
            assertThat(response.finishReason()).isEqualTo(reason);
            assertThat(response.rawFinishReason()).contains(raw);
        }
    }

    @Test
    void callThatWasCutIsNoCallToMake() {
        String body = response(CALL)
                .replace("completed", "incomplete")
                .replace("'incomplete_details':null", "'incomplete_details':{'reason':'max_output_tokens'}");
        assertThat(plain(body).finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"in_progress", "queued"})
    void responseThatIsStillMadeIsOne(String status) {
        ChatResponse response = plain(response("").replace("completed", status));
        assertThat(response.finishReason()).isEqualTo(FinishReason.OTHER);
        assertThat(response.rawFinishReason()).contains(status);
        assertThat(response.id()).contains("resp_1");
    }

    @Test
    void withoutAStatusNothingIsLost() {
        String body = "{'id':'resp_1','output':[" + HELLO + "]}";
        assertThat(plain(body).text()).isEqualTo("Hello");
        ChatResponse streamed = read("{'type':'response.completed','response':" + body + "}");
        assertThat(streamed.text()).isEqualTo("Hello");
        assertThat(streamed.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(read(delta("output_text", 0, "Hi"), "{'type':'response.completed'}")
                        .finishReason())
                .isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "{'output':[]}", "{'output':'x'}", "{'id':'resp_1'}", "{'output':["})
    void answerThatIsNone(String body) {
        assertThat(catchThrowableOfType(MalformedResponseException.class, () -> plain(body)))
                .isNotNull();
    }

    // failures

    @Test
    void failedWithASuccess() {
        String body = response(HELLO).replace("completed", "failed");
        String said = body.replace("'error':null", "'error':{'code':'rate_limit_exceeded','message':'slow'}");
        assertThat(catchThrowableOfType(RateLimitedException.class, () -> plain(said)))
                .hasMessageContaining("provider: slow");
        assertThat(catchThrowableOfType(LlmException.class, () -> plain(body)).partialText())
                .isEqualTo("Hello");
        String event = "{'type':'response.failed','response':" + said.replace(HELLO, "") + "}";
        RateLimitedException error = fails(RateLimitedException.class, delta("output_text", 0, "Hel"), event);
        assertThat(error).hasMessageContaining("provider: slow");
        assertThat(error.partialText()).isEqualTo("Hel");
        fails(OverloadedException.class, "{'type':'response.failed'}");
    }

    // refusals

    @Test
    void refusal() {
        String item = "{'type':'message','content':[{'type':'refusal','refusal':'No'}]}";
        ChatResponse whole = plain(response(item));
        assertThat(whole.text()).isEqualTo("No");
        assertThat(whole.finishReason()).isEqualTo(FinishReason.REFUSAL);
        ChatResponse streamed =
                read(delta("refusal", 0, "N"), delta("refusal", 0, "o"), item("done", 0, item), completed(item));
        assertThat(streamed).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''"})
    void refusalThatIsNone(String refusal) {
        String item = "{'type':'message','content':[{'type':'output_text','refusal':" + refusal + ",'text':'Hello'}]}";
        ChatResponse response = plain(response(item));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.text()).isEqualTo("Hello");
    }

    @Test
    void callWithoutArguments() {
        String call = CALL.replace("{\\'a\\':1}", "");
        ToolCall expected = new ToolCall("call_1", "f", "{}");
        assertThat(plain(response(call)).toolCalls()).containsExactly(expected);
        assertThat(read(item("added", 0, call), item("done", 0, call), completed(call))
                        .toolCalls())
                .containsExactly(expected);
    }

    // reasoning

    @Test
    void reasoningIsKeptAsItCame() {
        String sealed = THOUGHT.replace("[{'type':'summary_text','text':'hm'}]", "[]");
        for (String item : List.of(THOUGHT, sealed)) {
            String said = item.equals(THOUGHT) ? "hm" : "";
            Part thought = new Part.Reasoning(said, json(item), "openai-responses");
            assertThat(plain(response(item + "," + HELLO)).message().parts())
                    .containsExactly(thought, new Part.Text("Hello"));
            assertThat(read(item("done", 0, item), item("done", 1, HELLO), completed(item + "," + HELLO))
                            .message()
                            .parts())
                    .containsExactly(thought, new Part.Text("Hello"));
        }
    }

    @Test
    void openModelsShowWhatTheyThink() {
        String item = "{'content':[{'type':'reasoning_text','text':'because'}],'summary':[],'type':'reasoning'}";
        assertThat(plain(response(item)).reasoning()).isEqualTo("because");
        assertThat(read(delta("reasoning_text", 0, "because"), item("done", 0, item), completed(item))
                        .reasoning())
                .isEqualTo("because");
    }

    // what else there is

    @Test
    void citations() {
        String annotation = "{'type':'url_citation','start_index':0,'end_index':5,'url':'https://example.com',"
                + "'title':'Example'}";
        String item = HELLO.replace("[]", "[" + annotation + ",{'type':'new'},null]");
        List<Citation> expected = List.of(new Citation(0, 5, "https://example.com", "Example", null));
        assertThat(plain(response(item)).citations()).isEqualTo(expected);
        assertThat(read(
                                "{'type':'response.content_part.added','output_index':0}",
                                delta("output_text", 0, "Hello"),
                                "{'type':'response.output_text.annotation.added','output_index':0,'annotation':"
                                        + annotation + "}",
                                item("done", 0, item),
                                completed(item))
                        .citations())
                .isEqualTo(expected);
    }

    @Test
    void everyMessageIsAPart() {
        String bye = HELLO.replace("Hello", "Bye");
        ChatResponse whole = plain(response(HELLO + "," + bye));
        assertThat(whole.message().parts()).containsExactly(new Part.Text("Hello"), new Part.Text("Bye"));
        assertThat(read(
                        delta("output_text", 0, "Hello"),
                        item("done", 0, HELLO),
                        delta("output_text", 1, "Bye"),
                        item("done", 1, bye),
                        completed(HELLO + "," + bye)))
                .isEqualTo(whole);
    }

    @Test
    void itemsOfOtherSortsAreKept() {
        String search = "{'type':'web_search_call','id':'ws_1','status':'completed','action':{'query':'sky'}}";
        Part kept = new Part.Other("openai-responses", "web_search_call", json(search));
        assertThat(plain(response(search + ",null,7,{}," + HELLO)).message().parts())
                .containsExactly(kept, new Part.Text("Hello"));
        assertThat(read(
                                "{'type':'response.web_search_call.searching','output_index':0}",
                                item("done", 0, search),
                                delta("output_text", 1, "Hello"),
                                completed(search + "," + HELLO))
                        .message()
                        .parts())
                .containsExactly(kept, new Part.Text("Hello"));
    }

    @Test
    void usage() {
        ChatResponse response = plain("{'id':'resp_1','model':'m-dated','status':'completed','output':[" + HELLO
                + "],'usage':{'input_tokens':90,'input_tokens_details':{'cached_tokens':20,'cache_write_tokens':30},"
                + "'output_tokens':30,'output_tokens_details':{'reasoning_tokens':10.0},'total_tokens':120}}");
        assertThat(response.usage())
                .isEqualTo(Usage.builder()
                        .input(90)
                        .cachedInput(20)
                        .cacheWrite(30)
                        .output(30)
                        .reasoning(10)
                        .build());
        assertThat(response.id()).contains("resp_1");
        assertThat(response.model()).contains("m-dated");
    }
}

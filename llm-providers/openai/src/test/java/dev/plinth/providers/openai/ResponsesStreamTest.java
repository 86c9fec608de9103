package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.InvalidRequestException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import org.junit.jupiter.api.Test;

/** How the events of a response begin, go on, end and fail, and what only some of them tell. */
class ResponsesStreamTest extends ResponsesServer {
    // the end

    @Test
    void cutStreamIsAnError() {
        String begun = "{'type':'response.created','response':{'id':'resp_1','status':'in_progress','output':[]}}";
        String said = item("done", 0, HELLO);
        assertThat(fails(MalformedResponseException.class, begun, said).partialText())
                .isEqualTo("Hello");
        assertThat(fails(MalformedResponseException.class, begun, said, "[DONE]")
                        .partialText())
                .isEqualTo("Hello");
    }

    @Test
    void statusEndsAStreamWhateverItsEventIsCalled() {
        ChatResponse response =
                read(delta("output_text", 0, "Hello"), completed(HELLO).replace("response.completed", "response.done"));
        assertThat(response.text()).isEqualTo("Hello");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void doneAfterTheEndIsPassedOver() {
        assertThat(read(delta("output_text", 0, "Hello"), completed(HELLO), "[DONE]")
                        .text())
                .isEqualTo("Hello");
    }

    @Test
    void eventOfAnError() {
        String flat = "{'type':'error','code':'server_error','message':'busy','param':null,'sequence_number':3}";
        OverloadedException error = fails(OverloadedException.class, delta("output_text", 0, "Hel"), flat);
        assertThat(error).hasMessageContaining("provider: busy");
        assertThat(error.partialText()).isEqualTo("Hel");
        fails(InvalidRequestException.class, "{'error':{'type':'invalid_request_error','message':'m'}}");
        fails(RateLimitedException.class, "{'type':'error','error':{'code':'rate_limit_exceeded','message':'m'}}");
    }

    // what is only said at the end, or twice

    @Test
    void itemThatOnlyTheEndKnows() {
        ChatResponse response = read(delta("output_text", 0, "Hello"), completed(HELLO + "," + CALL + "," + THOUGHT));
        assertThat(response.text()).isEqualTo("Hello");
        assertThat(response.toolCalls()).containsExactly(new ToolCall("call_1", "f", "{\"a\":1}"));
        assertThat(response.reasoning()).isEqualTo("hm");
    }

    @Test
    void eventsThatCountFromOneTellNothingTwice() {
        assertThat(read(delta("output_text", 1, "Hello"), completed(HELLO)).text())
                .isEqualTo("Hello");
        assertThat(read(delta("output_text", 1, "Hello"), item("done", 2, CALL), completed(HELLO + "," + CALL))
                        .message()
                        .parts())
                .containsExactly(new Part.Text("Hello"), new ToolCall("call_1", "f", "{\"a\":1}"));
    }

    @Test
    void emptyDeltaTellsNothing() {
        assertThat(read(
                                item("added", 0, CALL.replace("{\\'a\\':1}", "")),
                                delta("function_call_arguments", 0, ""),
                                item("done", 0, CALL),
                                completed(CALL))
                        .toolCalls())
                .containsExactly(new ToolCall("call_1", "f", "{\"a\":1}"));
        assertThat(read(delta("output_text", 0, ""), item("done", 0, HELLO), completed(HELLO))
                        .text())
                .isEqualTo("Hello");
        assertThat(read(delta("reasoning_summary_text", 0, ""), item("done", 0, THOUGHT), completed(THOUGHT))
                        .reasoning())
                .isEqualTo("hm");
    }

    @Test
    void withoutAnIndexItemsFollowEachOther() {
        String[] events = {
            delta("reasoning_summary_text", 0, "hm"),
            item("done", 0, THOUGHT),
            delta("output_text", 1, "Hello"),
            item("done", 1, HELLO),
            item("added", 2, CALL.replace("{\\'a\\':1}", "")),
            delta("function_call_arguments", 2, "{\\'a\\':1}"),
            item("done", 2, CALL),
            completed(THOUGHT + "," + HELLO + "," + CALL)
        };
        ChatResponse whole = plain(response(THOUGHT + "," + HELLO + "," + CALL));
        assertThat(whole.message().parts()).hasSize(3);
        assertThat(read(events)).isEqualTo(whole);
        for (int i = 0; i < events.length; i++) {
            events[i] = events[i].replaceFirst("'output_index':\\d,", "");
        }
        assertThat(read(events)).isEqualTo(whole);
    }

    @Test
    void withoutAnIndexWholeItemsFollowEachOther() {
        String first = item("done", 0, HELLO).replace("'output_index':0,", "");
        String second = item("done", 1, CALL).replace("'output_index':1,", "");
        assertThat(read(first, second, completed(HELLO + "," + CALL)).message().parts())
                .containsExactly(new Part.Text("Hello"), new ToolCall("call_1", "f", "{\"a\":1}"));
    }
}

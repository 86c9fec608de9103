package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import org.junit.jupiter.api.AfterEach;

/** A server that speaks Responses, and how its answers are read; its JSON is written with single quotes. */
abstract class ResponsesServer {

    static final String HELLO =
            "{'type':'message','id':'msg_1','content':[{'type':'output_text','text':'Hello','annotations':[]}]}";
    static final String CALL =
            "{'type':'function_call','id':'fc_1','call_id':'call_1','name':'f','arguments':'{\\'a\\':1}'}";
    static final String THOUGHT =
            "{'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'hm'}],'encrypted_content':'x=='}";

    final StubServer server = StubServer.start();
    final OpenAi openAi = OpenAi.builder().baseUrl(server.url("/v1").toString()).build();

    @AfterEach
    final void close() {
        openAi.close();
        server.close();
    }

    static String json(String text) {
        return text.replace("\\'", "\\\"").replace('\'', '"');
    }

    ChatResponse plain(String body) {
        server.enqueue(StubAnswer.json(json(body)));
        return openAi.responsesModel("m").chat(ChatRequest.of("Hi"));
    }

    ChatResponse read(String... events) {
        StubAnswer answer = StubAnswer.streaming("text/event-stream");
        for (String event : events) {
            answer = answer.event(json(event));
        }
        server.enqueue(answer);
        StringBuilder text = new StringBuilder();
        try (ChatStream stream = openAi.responsesModel("m").stream(ChatRequest.of("Hi"))) {
            ChatResponse response = stream.onText(text::append).response();
            assertThat(response.text()).isEqualTo(text.toString());
            return response;
        }
    }

    <E extends LlmException> E fails(Class<E> type, String... events) {
        E error = catchThrowableOfType(type, () -> read(events));
        assertThat(error).as("error").isNotNull();
        return error;
    }

    static String response(String output) {
        return "{'id':'resp_1','status':'completed','error':null,'incomplete_details':null,'model':'m-dated','output':["
                + output + "]}";
    }

    static String completed(String output) {
        return "{'type':'response.completed','response':" + response(output) + "}";
    }

    static String delta(String type, int index, String delta) {
        return "{'type':'response." + type + ".delta','output_index':" + index + ",'delta':'" + delta + "'}";
    }

    static String item(String type, int index, String item) {
        return "{'type':'response.output_item." + type + "','output_index':" + index + ",'item':" + item + "}";
    }
}

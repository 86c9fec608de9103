package dev.plinth.bench.overhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The clients are compared fairly: they send the same and read the same. */
class ClientTest {
    private final ObjectMapper mapper = new ObjectMapper();

    private interface Use<T> {
        T with(Client client) throws IOException;
    }

    private static StubAnswer answer(Call call) {
        return call == Call.DELTA
                ? StubAnswer.streaming("text/event-stream").chunk(Answers.body(call))
                : StubAnswer.json(Answers.body(call));
    }

    /** What the call comes to, the same for all clients; they send the same, too. */
    private <T> T same(Call call, List<String> clients, Use<T> use) throws IOException {
        T result = null;
        JsonNode sent = null;
        for (String name : clients) {
            try (StubServer server = StubServer.start().when(request -> true, answer(call));
                    Client client = Client.open(name, server.url("/v1").toString())) {
                T one = use.with(client);
                T again = use.with(client);
                assertThat(server.connections()).as(name).isEqualTo(1);
                JsonNode body = mapper.readTree(server.requests().get(0).body());
                assertThat(again).as(name).isEqualTo(one);
                assertThat(one).as(name).isEqualTo(result == null ? one : result);
                assertThat(body).as(name).isEqualTo(sent == null ? body : sent);
                result = one;
                sent = body;
            }
        }
        return result;
    }

    @Test
    void chat() throws IOException {
        String text = same(Call.CHAT, Client.NAMES, client -> client.chat(Questions.PROMPT));

        assertThat(text.split(" ")).hasSize(Answers.TOKENS).contains("\"blue\"", "été", "haze\n");
    }

    @Test
    void tool() throws IOException {
        String arguments = same(Call.TOOL, Client.NAMES, client -> client.tool(Questions.PROMPT));

        assertThat(mapper.readTree(arguments).get("city").asText()).isEqualTo("Zürich");
    }

    @Test
    void stream() throws IOException {
        List<String> deltas = same(Call.DELTA, Client.NAMES, ClientTest::deltas);

        assertThat(deltas).hasSize(Answers.DELTAS).contains(" \"blue\"", " été");
    }

    private static List<String> deltas(Client client) throws IOException {
        Client.Deltas stream = client.stream(Questions.PROMPT);
        List<String> deltas = new ArrayList<>();
        for (String delta = stream.next(); delta != null; delta = stream.next()) {
            deltas.add(delta);
        }
        return deltas;
    }

    private static List<String> vectors(Client client) throws IOException {
        return client.embed(Questions.TEXTS).stream().map(Arrays::toString).toList();
    }

    @Test
    void embeddings() throws IOException {
        List<String> numbers = List.of("plinth", "floor", Client.DATA_BINDING);

        assertThat(same(Call.EMBEDDINGS_FLOAT, numbers, ClientTest::vectors)).hasSize(Answers.VECTORS);
        assertThat(same(Call.EMBEDDINGS_BASE64, Client.NAMES, ClientTest::vectors))
                .hasSize(Answers.VECTORS);
    }

    @Test
    void theFloorReadsWhatElseAnAnswerSays() throws IOException {
        try (StubServer server = StubServer.start().when(request -> true, answer(Call.TOOL));
                FloorClient floor = new FloorClient(server.url("/v1").toString())) {
            assertThat(floor.complete(Questions.PROMPT, true))
                    .hasToString("FloorCompletion[id=chatcmpl-123456789012345678901234, model=gpt-4o-mini-2024-07-18,"
                            + " finishReason=tool_calls, tool=get_weather, toolId=call_1, tokens=50/0/200/0]");
        }
    }

    @Test
    void theFloorKnowsWhenAStreamIsCutShort() throws IOException {
        StubAnswer cut =
                StubAnswer.streaming("text/event-stream").chunk(Answers.events().get(1));
        try (StubServer server = StubServer.start().when(request -> true, cut);
                Client floor = Client.open("floor", server.url("/v1").toString())) {
            assertThatThrownBy(() -> deltas(floor)).isInstanceOf(EOFException.class);
        }
    }
}

package dev.plinth.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinth.api.testkit.Fault;
import dev.plinth.api.testkit.FaultPlan;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A server of OpenAI's chat protocol that fails as a plan says, and otherwise echoes the question it was asked. */
final class FaultyServer implements AutoCloseable {

    /** What the right answer to a question is. */
    static String answer(String question) {
        return "the answer to " + question;
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StubServer server = StubServer.start();
    private final FaultPlan plan;
    private final Ledger ledger;

    FaultyServer(FaultPlan plan, Ledger ledger) {
        this.plan = plan;
        this.ledger = ledger;
        server.otherwise(this::answer);
    }

    String url() {
        return server.url("/v1").toString();
    }

    int openConnections() {
        return server.openConnections();
    }

    FaultPlan plan() {
        return plan;
    }

    private StubAnswer answer(StubRequest request) {
        JsonNode asked = read(request);
        JsonNode messages = asked.path("messages");
        String question = messages.path(messages.size() - 1).path("content").asText();
        Usage usage = ledger.next();
        Optional<Fault> fault = plan.next();
        Fault.Kind kind = fault.map(Fault::kind).orElse(null);
        // An empty body says nothing at all; an answer without words, which is as common, is well formed and is
        // charged.
        boolean wordless = kind == Fault.Kind.EMPTY && usage.input().orElseThrow() % 2 == 0;
        StubAnswer right = body(
                asked.path("model").asText(),
                wordless ? "" : answer(question),
                usage,
                asked.path("stream").asBoolean());
        boolean served = wordless || kind == null || kind == Fault.Kind.SLOW || kind == Fault.Kind.WRONG_MODEL;
        if (served) {
            ledger.served(usage);
        }
        return fault.isEmpty() || wordless ? right : fault.get().strike(right);
    }

    private static JsonNode read(StubRequest request) {
        try {
            return JSON.readTree(request.body());
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static StubAnswer body(String model, String text, Usage usage, boolean streamed) {
        String tokens = "{\"prompt_tokens\":" + usage.input().orElseThrow() + ",\"completion_tokens\":"
                + usage.output().orElseThrow() + "}";
        String head = "{\"id\":\"c\",\"model\":\"" + model + "\",\"choices\":[{\"index\":0,";
        if (!streamed) {
            return StubAnswer.json(head + "\"message\":{\"role\":\"assistant\",\"content\":" + quoted(text)
                    + "},\"finish_reason\":\"stop\"}],\"usage\":" + tokens + "}");
        }
        StubAnswer stream = StubAnswer.streaming("text/event-stream");
        for (String word : text.isEmpty() ? new String[0] : text.split("(?<= )")) {
            stream = stream.event(head + "\"delta\":{\"content\":" + quoted(word) + "}}]}");
        }
        return stream.event(head + "\"delta\":{},\"finish_reason\":\"stop\"}]}")
                .event("{\"id\":\"c\",\"model\":\"" + model + "\",\"choices\":[],\"usage\":" + tokens + "}")
                .event("[DONE]");
    }

    private static String quoted(String text) {
        return '"' + text + '"'; // the questions have nothing to escape
    }

    @Override
    public void close() {
        server.close();
    }
}

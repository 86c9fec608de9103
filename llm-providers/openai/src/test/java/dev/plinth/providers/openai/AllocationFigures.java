package dev.plinth.providers.openai;

import com.sun.management.ThreadMXBean;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Figures, not a test: bytes the calling thread allocates per chat, per delta of a stream of 500, per tool call and per
 * batch of 64 x 384 embeddings, over a socket. Run the main method; it prints {@code name=value} lines.
 */
final class AllocationFigures {
    private static final int DELTAS = 500;
    private static final String ENVELOPE = "{\"id\":\"chatcmpl-123456789012345678901234\",\"object\":"
            + "\"chat.completion.chunk\",\"created\":1790000000,\"model\":\"gpt-4o-mini-2024-07-18\","
            + "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_123456\",";
    private static final String PROMPT =
            "Tell me in about two hundred short words how light scatters in air. ".repeat(3);

    private static final ToolSpec WEATHER = new ToolSpec(
            "get_weather",
            "The weather in a city",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"City\"},"
                    + "\"unit\":{\"type\":\"string\",\"enum\":[\"c\",\"f\"]}},\"required\":[\"city\",\"unit\"]}");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationFigures() {}

    public static void main(String[] arguments) {
        new AllocationFigures().run();
    }

    private void run() {
        figure("chat", StubAnswer.json(chat()), this::chatOnce, 1);
        figure("tool", StubAnswer.json(tool()), this::toolOnce, 1);
        figure("delta", stream(), this::streamOnce, DELTAS);
        figure("embeddings_base64", StubAnswer.json(embeddings(true)), this::embedOnce, 1);
        figure("embeddings_float", StubAnswer.json(embeddings(false)), this::embedOnce, 1);
    }

    private interface Call {
        boolean run(OpenAi openAi);
    }

    private void figure(String name, StubAnswer answer, Call call, int divisor) {
        try (StubServer server = StubServer.start().when(request -> true, answer);
                OpenAi openAi = OpenAi.builder()
                        .baseUrl(server.url("/v1").toString())
                        .apiKey("sk-test-0000")
                        .build()) {
            repeat(2000, () -> call.run(openAi));
            int calls = 500;
            long cpu = threads.getCurrentThreadCpuTime();
            long bytes = threads.getCurrentThreadAllocatedBytes();
            repeat(calls, () -> call.run(openAi));
            bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            System.out.printf(Locale.ROOT, "%s_bytes=%d%n", name, bytes / calls / divisor);
            System.out.printf(Locale.ROOT, "%s_cpu_us=%.1f%n", name, cpu / 1000.0 / calls);
        }
    }

    private static void repeat(int times, BooleanSupplier call) {
        for (int i = 0; i < times; i++) {
            if (!call.getAsBoolean()) {
                throw new IllegalStateException("answer: wrong (expected: the fixture's)");
            }
        }
    }

    private boolean chatOnce(OpenAi openAi) {
        ChatModel model = openAi.chatModel("gpt-4o-mini");
        return model.chat(ChatRequest.of(PROMPT)).usage().output().getAsLong() == 200;
    }

    private boolean toolOnce(OpenAi openAi) {
        ChatRequest request = ChatRequest.builder().user(PROMPT).tool(WEATHER).build();
        return openAi.chatModel("gpt-4o-mini").chat(request).toolCalls().size() == 1;
    }

    private boolean streamOnce(OpenAi openAi) {
        int[] count = {0};
        openAi.chatModel("gpt-4o-mini").stream(ChatRequest.of(PROMPT)).onText(text -> count[0]++);
        return count[0] == DELTAS;
    }

    private boolean embedOnce(OpenAi openAi) {
        EmbeddingModel model = openAi.embeddingModel("text-embedding-3-small");
        return model.embed(EmbeddingRequest.documents(Collections.nCopies(64, PROMPT)))
                        .vectors()
                        .size()
                == 64;
    }

    private static String chat() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append(i % 20 == 0 ? "é\\\"x\\\"\\n" : "word ");
        }
        return completion(
                "{\"role\":\"assistant\",\"content\":\"" + text + "\",\"refusal\":null,\"annotations\":[]}", "stop");
    }

    private static String tool() {
        return completion(
                "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"annotations\":[],\"tool_calls\":[{\"id\":"
                        + "\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":"
                        + "\"{\\n  \\\"city\\\": \\\"Zürich\\\",\\n  \\\"unit\\\": \\\"c\\\"\\n}\"}}]}",
                "tool_calls");
    }

    private static String completion(String message, String reason) {
        return "{\"id\":\"chatcmpl-123456789012345678901234\",\"object\":\"chat.completion\",\"created\":1790000000,"
                + "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,\"message\":" + message
                + ",\"logprobs\":null,\"finish_reason\":\"" + reason + "\"}],\"usage\":{\"prompt_tokens\":50,"
                + "\"completion_tokens\":200,\"total_tokens\":250,\"prompt_tokens_details\":{\"cached_tokens\":0,"
                + "\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}},\"service_tier\":\"default\","
                + "\"system_fingerprint\":\"fp_123456\"}";
    }

    /** One HTTP chunk per event, as servers send them. */
    private static StubAnswer stream() {
        StubAnswer answer = StubAnswer.streaming("text/event-stream; charset=utf-8")
                .event(event("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"));
        for (int i = 0; i < DELTAS; i++) {
            answer = answer.event(event("{\"content\":\" word\"}", "null"));
        }
        return answer.event(event("{}", "\"stop\""))
                .event(ENVELOPE + "\"choices\":[],\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":500,"
                        + "\"total_tokens\":550}}")
                .event("[DONE]");
    }

    private static String event(String delta, String reason) {
        return ENVELOPE + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":"
                + reason + "}],\"usage\":null,\"obfuscation\":\"x8Fz\"}";
    }

    private static String embeddings(boolean base64) {
        Random random = new Random(7);
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(384 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            List<String> numbers = new ArrayList<>();
            for (int j = 0; j < 384; j++) {
                double value = random.nextGaussian() * 0.05;
                bytes.putFloat((float) value);
                numbers.add(String.format(Locale.ROOT, "%.9f", value));
            }
            String vector = base64
                    ? "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\""
                    : "[" + String.join(",", numbers) + "]";
            entries.add("{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":" + vector + "}");
        }
        return "{\"object\":\"list\",\"data\":[" + String.join(",", entries)
                + "],\"model\":\"m\",\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}";
    }
}

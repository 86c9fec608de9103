package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.model.Capability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Requests that need a certain capability. */
final class Requests {
    private static final Map<Capability, Consumer<ChatRequest.Builder>> NEEDS = needs();

    static final List<Capability> CAPABILITIES = List.copyOf(NEEDS.keySet());

    private Requests() {}

    private static Map<Capability, Consumer<ChatRequest.Builder>> needs() {
        Media media = Media.of(new byte[] {1, 2, 3}, "image/png");
        Map<Capability, Consumer<ChatRequest.Builder>> needs = new LinkedHashMap<>();
        needs.put(Capability.TOOLS, builder -> builder.tool(new ToolSpec("tool", "", "{\"type\":\"object\"}")));
        needs.put(Capability.JSON_OUTPUT, builder -> builder.responseFormat(ResponseFormat.JSON));
        needs.put(
                Capability.JSON_SCHEMA,
                builder -> builder.responseFormat(new ResponseFormat.Schema("s", "{\"type\":\"object\"}", true)));
        needs.put(Capability.IMAGE_INPUT, builder -> builder.message(Message.user(new Part.Image(media))));
        needs.put(Capability.AUDIO_INPUT, builder -> builder.message(Message.user(new Part.Audio(media))));
        needs.put(Capability.FILE_INPUT, builder -> builder.message(Message.user(new Part.File(media, "a.pdf"))));
        needs.put(Capability.STOP_SEQUENCES, builder -> builder.stop("END"));
        needs.put(Capability.SEED, builder -> builder.seed(1));
        needs.put(Capability.TEMPERATURE, builder -> builder.temperature(0.5));
        needs.put(Capability.TOP_P, builder -> builder.topP(0.5));
        needs.put(Capability.TOOL_CHOICE, builder -> builder.toolChoice(ToolChoice.REQUIRED));
        needs.put(Capability.PARALLEL_TOOL_CALLS, builder -> builder.parallelToolCalls(false));
        needs.put(Capability.REASONING_EFFORT, builder -> builder.reasoningEffort(ReasoningEffort.LOW));
        needs.put(Capability.LOGPROBS, builder -> builder.logprobs(2));
        needs.put(Capability.SERVICE_TIER, builder -> builder.serviceTier("flex"));
        needs.put(Capability.USER_ID, builder -> builder.userId("user-1"));
        return needs;
    }

    static ChatRequest needing(Capability capability, ChatRequest request) {
        ChatRequest.Builder builder = request.toBuilder();
        Consumer<ChatRequest.Builder> need = NEEDS.get(capability);
        if (need == null) {
            throw new IllegalArgumentException(
                    "capability: " + capability + " (expected: one of " + CAPABILITIES + ")");
        }
        need.accept(builder);
        return builder.build();
    }
}

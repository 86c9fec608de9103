package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Scripted models, and requests to routers of them. */
abstract class RouterFixture {

    /** What the models of these tests can do. */
    private static final Set<Capability> CAN =
            Set.of(Capability.TOOLS, Capability.IMAGE_INPUT, Capability.TEMPERATURE, Capability.JSON_OUTPUT);

    final TestTime time = TestTime.autoAdvancing();

    Router.Builder router() {
        return Router.builder().time(time);
    }

    /** A model that gives these replies in order, and the last one for ever. */
    ScriptedChatModel model(String name, Reply... replies) {
        List<Reply> first = new ArrayList<>(List.of(replies));
        Reply last = first.remove(first.size() - 1);
        return ScriptedChatModel.builder()
                .info(new ModelInfo("vendor-" + name, "model-" + name, CAN, null))
                .reply(first.toArray(Reply[]::new))
                .otherwise(request -> last)
                .time(time)
                .build();
    }

    static Reply says(String text) {
        return Reply.text(text).cut(text.split("(?<= )")).usage(Usage.of(10, 2));
    }

    static Reply fails(Supplier<? extends LlmException> failure) {
        return Reply.error(failure);
    }

    static Reply busy() {
        return fails(() -> new OverloadedException("server: busy"));
    }

    static Reply limited(Duration wait) {
        ErrorDetails details = ErrorDetails.builder()
                .provider("vendor")
                .httpStatus(429)
                .retryAfter(wait)
                .build();
        return fails(() -> new RateLimitedException("rate: over", details, null));
    }

    static ChatRequest asking(CallContext.Builder context) {
        return ChatRequest.builder().user("Why?").context(context.build()).build();
    }

    static Stream<Function<ChatRequest, Function<ChatModel, ChatResponse>>> bothWays() {
        return Stream.of(
                request -> model -> model.chat(request),
                request -> model -> model.stream(request).response());
    }
}

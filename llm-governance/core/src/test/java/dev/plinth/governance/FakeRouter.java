package dev.plinth.governance;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.layer.Admission;
import dev.plinth.api.layer.Routed;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Asks one target after the other, those it may; a request that names a model goes to the targets of that model. */
final class FakeRouter implements ChatModel, Routed<ChatModel> {

    private final List<ChatModel> targets;

    FakeRouter(ChatModel... targets) {
        this.targets = List.of(targets);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        List<Attempt> attempts = new ArrayList<>();
        ChatResponse response = first(request, attempts, target -> {
            ChatResponse answer = target.chat(request);
            attempts.add(attempt(target, null, answer.usage()));
            return answer;
        });
        return response.toBuilder()
                .attempts(attempts)
                .usage(Attempt.sum(attempts))
                .degraded(!attempts.get(attempts.size() - 1)
                        .model()
                        .equals(targets.get(0).info().model()))
                .build();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return first(request, new ArrayList<>(), target -> target.stream(request));
    }

    private <R> R first(ChatRequest request, List<Attempt> attempts, Function<ChatModel, R> call) {
        LlmException last = new ModelNotFoundException("model: no target (expected: a target)");
        for (ChatModel target : targets) {
            if (!request.model()
                    .orElse(target.info().model())
                    .equals(target.info().model())) {
                continue;
            }
            try {
                Admission.require(target.info(), request.context());
                return call.apply(target);
            } catch (DeniedException denied) {
                last = denied;
            } catch (LlmException failure) {
                attempts.add(attempt(target, failure.code(), failure.partialUsage()));
                last = failure;
            }
        }
        throw attempts.isEmpty() ? last : last.setAttempts(attempts);
    }

    private static Attempt attempt(ChatModel target, @Nullable String error, Usage usage) {
        ModelInfo info = target.info();
        return new Attempt(
                "test", info.provider(), info.model(), "its turn", Instant.EPOCH, Duration.ZERO, error, usage, null);
    }

    @Override
    public ModelInfo info() {
        return targets.get(0).info();
    }

    @Override
    public List<ChatModel> targets() {
        return targets;
    }

    @Override
    public FakeRouter around(UnaryOperator<ChatModel> wrap) {
        return new FakeRouter(targets.stream().map(wrap).toArray(ChatModel[]::new));
    }
}

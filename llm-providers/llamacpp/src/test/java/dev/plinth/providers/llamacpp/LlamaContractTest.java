package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.tck.ChatModelContract;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Over a child process that plays the engine: with all its ways to fail, and without weights. */
@Timeout(300)
class LlamaContractTest extends ChatModelContract {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<LlamaChatModel> models = new ArrayList<>();

    @AfterEach
    void close() {
        models.forEach(LlamaChatModel::close);
    }

    @Override
    protected Set<Answer> unsupported() {
        return Set.of(Answer.TOOL_CALL, Answer.RATE_LIMITED);
    }

    @Override
    protected ChatModel model(Answer answer) {
        LlamaChatModel model = model(FakeChild.command(manner(answer)), new Timeouts(LONG, LONG, LONG, LONG));
        models.add(model);
        return model;
    }

    static LlamaChatModel model(ChildCommand command, Timeouts timeouts) {
        TimeSource time = TimeSource.system();
        Limits limits = Limits.within("loadTimeout", LONG, time, ErrorDetails.NONE);
        SpecialTokens special = new SpecialTokens("", "", false, false, true);
        ChatPrompt prompt = new ChatPrompt(TinyGguf.CHAT_ML, special, Set.of(), time);
        return new LlamaChatModel(ChildEngine.start(command, 100, limits), prompt, "fake", timeouts, time);
    }

    private static FakeEngine.Manner manner(Answer answer) {
        return switch (answer) {
            case TEXT -> FakeEngine.Manner.TEXT;
            case TRUNCATED -> FakeEngine.Manner.LEAVING;
            case BROKEN -> FakeEngine.Manner.DYING;
            case STALLED -> FakeEngine.Manner.STALLED;
            case SILENT -> FakeEngine.Manner.SILENT;
            case TOOL_CALL, RATE_LIMITED -> throw new IllegalArgumentException(answer.name());
        };
    }
}

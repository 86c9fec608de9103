package dev.plinth.api.tool;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of one run of a loop: what was said, used and repeated. Used by one thread at a time. */
final class ToolConversation {

    private final ToolLoop loop;
    private final ChatRequest first;
    private final List<Message> messages;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, Integer> repeats = new HashMap<>();
    private int rounds;
    private long reportedTokens;
    private Usage usage = Usage.NONE;
    private @Nullable Cost cost;
    private boolean costKnown = true;
    private boolean attemptsKnown = true;
    private boolean cached = true;

    ToolConversation(ToolLoop loop, ChatRequest request) {
        this.loop = loop;
        this.first = loop.firstRequest(request);
        this.messages = new ArrayList<>(first.messages());
    }

    ChatRequest nextRequest() {
        Optional<Deadline> deadline = first.context().deadline();
        if (deadline.isPresent() && deadline.get().expired()) {
            throw timedOut();
        }
        return rounds == 0 ? first : ToolLoop.laterRequest(first, messages);
    }

    /** Takes the model's answer: the finished run, or empty after the tools have run and the model must be asked again. */
    Optional<ToolRun> answered(ChatResponse response) {
        rounds++;
        usage = usage.plus(response.usage());
        attempts.addAll(response.attempts());
        attemptsKnown &= !response.attempts().isEmpty() || response.usage().equals(Usage.NONE);
        cached &= response.cached();
        reportedTokens += response.usage().total().orElse(0);
        add(response);
        messages.add(response.message());
        ToolRun.End end = end(response);
        if (end != null) {
            ChatResponse whole = response.toBuilder()
                    .usage(usage)
                    .cost(costKnown ? cost : null)
                    .attempts(attempts())
                    .cached(cached)
                    .build();
            return Optional.of(new ToolRun(whole, messages, rounds, end));
        }
        Optional<List<ToolResult>> results = ToolCalls.run(loop, response.toolCalls(), first.context());
        messages.add(Message.tool(results.orElseThrow(this::timedOut)));
        return Optional.empty();
    }

    private void add(ChatResponse response) {
        Cost more = response.cost().orElse(null);
        if (more == null) {
            costKnown = costKnown && response.cached(); // what comes out of a cache costs nothing
        } else if (cost != null && !cost.currency().equals(more.currency())) {
            costKnown = false;
        } else {
            cost = cost == null ? more : cost.plus(more);
        }
    }

    private ToolRun.@Nullable End end(ChatResponse response) {
        List<ToolCall> calls = response.toolCalls();
        if (calls.isEmpty()) {
            return ToolRun.End.ANSWERED;
        }
        for (ToolCall call : calls) {
            if (repeats.merge(ToolLoop.identity(call), 1, Integer::sum) > loop.maxRepeats) {
                return ToolRun.End.REPEATS;
            }
        }
        if (rounds >= loop.maxRounds) {
            return ToolRun.End.ROUNDS;
        }
        return reportedTokens >= loop.maxTokens ? ToolRun.End.TOKENS : null;
    }

    /** The failure of a round, with what the rounds before it used and tried added to it. */
    LlmException failed(LlmException exception, String said) {
        exception.setPartial(said, usage.plus(exception.partialUsage()));
        List<Attempt> tried = new ArrayList<>(attempts());
        if (!tried.isEmpty()) {
            tried.addAll(exception.attempts());
            exception.setAttempts(tried);
        }
        return exception;
    }

    /** What was tried in all rounds; nothing if one kept no list, since a part is not passed off as the whole. */
    private List<Attempt> attempts() {
        return attemptsKnown ? attempts : List.of();
    }

    private TimedOutException timedOut() {
        TimedOutException exception = new TimedOutException(
                "deadline: passed after " + rounds + " rounds (expected: an answer before it)",
                ErrorDetails.builder()
                        .provider(loop.info().provider())
                        .model(first.model().orElse(loop.info().model()))
                        .build(),
                null);
        String said = messages.isEmpty() ? "" : lastAnswer();
        exception.setPartial(said, usage);
        if (!attempts().isEmpty()) {
            exception.setAttempts(attempts());
        }
        return exception;
    }

    private String lastAnswer() {
        for (int i = messages.size() - 1; i >= first.messages().size(); i--) {
            if (!messages.get(i).text().isEmpty()) {
                return messages.get(i).text();
            }
        }
        return "";
    }

    static ToolResult unknown(ToolCall call, Iterable<String> names) {
        return call.error("tool: " + call.name() + " (expected: one of " + String.join(", ", names) + ")");
    }
}

package dev.plinth.governance.guardrails;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.LlmException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Masks a stream as it comes. Text and thought that are kept back are released when the other one or a tool call
 * begins, so that they stay in order; arguments of tool calls, which may come in turns, at the end.
 */
final class MaskedStream extends AbstractChatStream {

    private enum Channel {
        TEXT,
        REASONING,
        OTHER
    }

    private final ChatStream next;
    private final Iterator<StreamEvent> events;
    private final AnswerMask answer;
    private final MaskingReport report;
    private final TextMask text;
    private final TextMask reasoning;
    private final Map<Integer, TextMask> arguments = new TreeMap<>();
    private final Queue<StreamEvent> ready = new ArrayDeque<>();
    private Channel channel = Channel.OTHER;

    MaskedStream(ChatStream next, AnswerMask answer, MaskingReport report) {
        this.next = next;
        this.events = next.iterator();
        this.answer = answer;
        this.report = report;
        this.text = answer.text();
        this.reasoning = answer.reasoning();
    }

    @Override
    protected @Nullable StreamEvent advance() {
        try {
            while (ready.isEmpty() && events.hasNext()) {
                take(events.next());
            }
            return ready.poll();
        } catch (LlmException exception) {
            report.answerMasked();
            // What is kept back stays back: it may be the beginning of a value.
            throw exception.setPartial(partialText(), exception.partialUsage());
        }
    }

    private void take(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            enter(Channel.TEXT);
            textReady(text.append(delta.text()));
        } else if (event instanceof StreamEvent.ReasoningDelta delta) {
            enter(Channel.REASONING);
            reasoningReady(reasoning.append(delta.text()));
        } else if (event instanceof StreamEvent.ToolCallDelta delta) {
            enter(Channel.OTHER);
            TextMask mask = arguments.computeIfAbsent(delta.index(), index -> answer.json());
            String settled = mask.append(delta.arguments());
            if (!settled.isEmpty() || delta.id() != null || delta.name() != null) {
                ready.add(new StreamEvent.ToolCallDelta(delta.index(), delta.id(), delta.name(), settled));
            }
        } else if (event instanceof StreamEvent.Finished finished) {
            enter(Channel.OTHER);
            arguments.forEach(this::argumentsEnd);
            ready.add(new StreamEvent.Finished(answer.mask(finished.response())));
            report.answerMasked();
        } else if (event instanceof StreamEvent.Other other) {
            ready.add(new StreamEvent.Other(other.type(), AnswerMask.whole(answer.json(), other.json())));
        }
    }

    private void enter(Channel entered) {
        if (channel == Channel.TEXT && entered != Channel.TEXT) {
            textReady(text.flush());
        } else if (channel == Channel.REASONING && entered != Channel.REASONING) {
            reasoningReady(reasoning.flush());
        }
        channel = entered;
    }

    private void textReady(String settled) {
        if (!settled.isEmpty()) {
            ready.add(new StreamEvent.TextDelta(settled));
        }
    }

    private void reasoningReady(String settled) {
        if (!settled.isEmpty()) {
            ready.add(new StreamEvent.ReasoningDelta(settled));
        }
    }

    private void argumentsEnd(int index, TextMask mask) {
        String settled = mask.flush();
        if (!settled.isEmpty()) {
            ready.add(new StreamEvent.ToolCallDelta(index, null, null, settled));
        }
    }

    @Override
    protected void release() {
        next.close();
    }
}

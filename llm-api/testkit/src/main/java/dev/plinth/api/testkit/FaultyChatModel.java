package dev.plinth.api.testkit;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.Timeouts;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A chat model whose calls fail as a plan says. */
final class FaultyChatModel extends ForwardingChatModel {
    private final FaultPlan plan;

    FaultyChatModel(ChatModel next, FaultPlan plan) {
        super(next);
        this.plan = plan;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        Fault fault = plan.nextOfLayer().orElse(null);
        if (fault == null) {
            return next().chat(request);
        }
        Timeouts timeouts = request.timeouts().orElse(Timeouts.DEFAULT);
        Faulty.strike(fault, details(), new Pace(plan.time(), request.context()), timeouts.firstToken());
        return changed(fault, next().chat(request));
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        Fault fault = plan.nextOfLayer().orElse(null);
        if (fault == null) {
            return next().stream(request);
        }
        Pace pace = new Pace(plan.time(), request.context());
        Timeouts timeouts = request.timeouts().orElse(Timeouts.DEFAULT);
        switch (fault.kind()) {
            case STALLED -> {
                pace.begin();
                return new ScriptedStream(Reply.stall(), pace, timeouts, () -> {});
            }
            case TRUNCATED -> pace.begin();
            default -> Faulty.strike(fault, details(), pace, timeouts.firstToken());
        }
        return new FaultyStream(next().stream(request), fault);
    }

    private ErrorDetails.Builder details() {
        return Faulty.details(info());
    }

    private static ChatResponse changed(Fault fault, ChatResponse response) {
        return switch (fault.kind()) {
            case EMPTY -> response.toBuilder().message(Message.assistant("")).build();
            case WRONG_MODEL ->
                response.toBuilder().model(FaultyAnswer.WRONG_MODEL).build();
            default -> response;
        };
    }

    /** A stream that is cut short, or that says something else than it should. */
    private final class FaultyStream extends AbstractChatStream {
        private final ChatStream right;
        private final Iterator<StreamEvent> events;
        private final Fault fault;
        private boolean cut;

        FaultyStream(ChatStream right, Fault fault) {
            this.right = right;
            this.events = right.iterator();
            this.fault = fault;
        }

        @Override
        protected @Nullable StreamEvent advance() {
            while (!cut && events.hasNext()) {
                StreamEvent event = events.next();
                if (event instanceof StreamEvent.Finished finished) {
                    return fault.kind() == Fault.Kind.TRUNCATED
                            ? cut()
                            : new StreamEvent.Finished(changed(fault, finished.response()));
                }
                cut = fault.kind() == Fault.Kind.TRUNCATED && event instanceof StreamEvent.TextDelta;
                if (fault.kind() != Fault.Kind.EMPTY) {
                    return event;
                }
            }
            return cut();
        }

        private @Nullable StreamEvent cut() {
            LlmException failure = fault.failure(details());
            if (failure != null) {
                throw failure;
            }
            return null;
        }

        @Override
        protected void release() {
            right.close();
        }
    }
}

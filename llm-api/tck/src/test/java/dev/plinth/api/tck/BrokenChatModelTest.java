package dev.plinth.api.tck;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults that adapters really have, and the tests of the contract that catch them. */
@Tag("once")
class BrokenChatModelTest {
    /** An adapter that does everything right; a fault overrides one method. */
    abstract static class Suite extends ChatLayerContract {
        abstract ChatModel broken(ChatModel sound);

        @Override
        protected Layer layer() {
            return new Layer() {
                @Override
                public Stage stage() {
                    return Stage.PROVIDER;
                }

                @Override
                public ChatModel around(ChatModel next) {
                    return broken(next);
                }
            };
        }
    }

    /** Hands on the events of another stream, changed; null drops one. */
    static class Changed extends AbstractChatStream {
        private final ChatStream next;
        private final Iterator<StreamEvent> events;
        private final UnaryOperator<@Nullable StreamEvent> change;

        Changed(ChatStream next, UnaryOperator<@Nullable StreamEvent> change) {
            this.next = next;
            this.events = next.iterator();
            this.change = change;
        }

        @Override
        protected @Nullable StreamEvent advance() {
            while (events.hasNext()) {
                StreamEvent event = change.apply(events.next());
                if (event != null) {
                    return event;
                }
            }
            return null;
        }

        @Override
        protected void release() {
            next.close();
        }
    }

    static class TakesTruncationForAnEnd extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatStream stream(ChatRequest request) {
                    ChatStream stream = next().stream(request);
                    return new AbstractChatStream() {
                        private final StringBuilder text = new StringBuilder();
                        private final Iterator<StreamEvent> events = stream.iterator();

                        @Override
                        protected StreamEvent advance() {
                            try {
                                StreamEvent event = events.next();
                                if (event instanceof StreamEvent.TextDelta delta) {
                                    text.append(delta.text());
                                }
                                return event;
                            } catch (LlmException exception) {
                                if ("malformed_response".equals(exception.code())) {
                                    return new StreamEvent.Finished(ChatResponse.of(text.toString()));
                                }
                                throw exception;
                            }
                        }

                        @Override
                        protected void release() {
                            stream.close();
                        }
                    };
                }
            };
        }
    }

    @Test
    void truncation() {
        ContractRun.fails(TakesTruncationForAnEnd.class, "endWithoutAFinishIsAnError");
    }

    static class DropsAPiece extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatStream stream(ChatRequest request) {
                    boolean[] dropped = {false};
                    return new Changed(next().stream(request), event -> {
                        boolean drop = event instanceof StreamEvent.TextDelta && !dropped[0];
                        dropped[0] |= drop;
                        return drop ? null : event;
                    });
                }
            };
        }
    }

    @Test
    void lostPiece() {
        ContractRun.fails(
                DropsAPiece.class, "streamEndsWithOneFinishThatHoldsTheWholeText", "onTextHandsOverEveryPiece");
    }

    static class CloseDoesNotReachTheWire extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatStream stream(ChatRequest request) {
                    Timeouts impatience = Timeouts.DEFAULT.withBetweenTokens(Duration.ofSeconds(2));
                    ChatRequest impatient =
                            request.toBuilder().timeouts(impatience).build();
                    ChatStream stream = next().stream(impatient);
                    return new ChatStream() {
                        @Override
                        public Iterator<StreamEvent> iterator() {
                            return stream.iterator();
                        }

                        @Override
                        public ChatStream onText(Consumer<? super String> sink) {
                            return stream.onText(sink);
                        }

                        @Override
                        public ChatResponse response() {
                            return stream.response();
                        }

                        @Override
                        public void close() {
                            // the fault
                        }
                    };
                }
            };
        }
    }

    @Test
    void closeWithoutEffect() {
        ContractRun.fails(CloseDoesNotReachTheWire.class, "closingEarlyCancels", "closingFromAnotherThreadEndsAWait");
    }

    static class OtherErrorWhenStreamed extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatStream stream(ChatRequest request) {
                    ChatStream stream;
                    try {
                        stream = next().stream(request);
                    } catch (TimedOutException exception) { // on a busy machine, before it has begun
                        throw new TransportException("stream: failed");
                    }
                    return new Changed(stream, event -> event) {
                        @Override
                        protected StreamEvent advance() {
                            try {
                                return super.advance();
                            } catch (LlmException exception) {
                                throw new TransportException("stream: failed");
                            }
                        }
                    };
                }
            };
        }
    }

    @Test
    void twoErrorMappers() {
        ContractRun.fails(OtherErrorWhenStreamed.class, "rateLimitIsTheSameErrorBothWays", "deadlineEndsAWaitForMore");
    }

    static class QuotesThePrompt extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatResponse chat(ChatRequest request) {
                    try {
                        return next().chat(request);
                    } catch (LlmException exception) {
                        throw new OverloadedException(exception.getMessage() + " for "
                                + request.messages().get(0).text());
                    }
                }
            };
        }
    }

    @Test
    void promptInTheError() {
        ContractRun.fails(
                QuotesThePrompt.class, "interruptingEndsAWaitForTheAnswer", "rateLimitIsTheSameErrorBothWays");
    }

    static class SwallowsTheInterrupt extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatResponse chat(ChatRequest request) {
                    try {
                        return next().chat(request);
                    } catch (LlmException exception) {
                        Thread.interrupted();
                        throw exception;
                    }
                }
            };
        }
    }

    @Test
    void interruptFlag() {
        ContractRun.fails(SwallowsTheInterrupt.class, "interruptingEndsAWaitForTheAnswer");
    }

    static class IgnoresCapabilitiesAndDeadlines extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatResponse chat(ChatRequest request) {
                    return next().chat(ChatRequest.builder()
                            .messages(request.messages())
                            .context(CallContext.EMPTY)
                            .timeouts(Timeouts.DEFAULT.withFirstToken(Duration.ofSeconds(2)))
                            .build());
                }
            };
        }
    }

    @Test
    void forgottenDeadline() {
        ContractRun.fails(
                IgnoresCapabilitiesAndDeadlines.class,
                "deadlineThatHasPassedIsRefused",
                "whatTheModelCannotIsRefusedFirst");
    }

    static class WrongFinishForTools extends Suite {
        @Override
        ChatModel broken(ChatModel sound) {
            return new ForwardingChatModel(sound) {
                @Override
                public ChatResponse chat(ChatRequest request) {
                    return next().chat(request).toBuilder()
                            .finishReason(FinishReason.STOP)
                            .build();
                }
            };
        }
    }

    @Test
    void finishReasonOfTools() {
        ContractRun.fails(WrongFinishForTools.class, "toolCallsComeWhole");
    }
}

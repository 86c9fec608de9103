package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Faults that adapters over HTTP really have, and the tests of the contract that catch them. {@link
 * ToyChatModelContractTest} shows that without its fault the same adapter keeps the whole contract.
 */
@Tag("once")
class BrokenHttpChatModelTest {
    static class TakesTheEndOfTheBodyForAFinish extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                StreamEvent atEndOfBody(ToyAnswer answer) {
                    return new StreamEvent.Finished(answer.response(false));
                }
            };
        }
    }

    @Test
    void endOfBodyWithoutAFinish() {
        ContractRun.eachFails(
                TakesTheEndOfTheBodyForAFinish.class,
                "aStreamCutAnywhereIsAnErrorOrWhole",
                "endWithoutAFinishIsAnError",
                "garbageIsAnError");
    }

    static class TakesACutAnswerForAWhole extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                void requireEnd(String body) {
                    // the fault
                }
            };
        }
    }

    @Test
    void plainAnswerCutShort() {
        ContractRun.eachFails(TakesACutAnswerForAWhole.class, "aPlainAnswerCutAnywhereIsAnError", "garbageIsAnError");
    }

    static class TriesAgainByItself extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                public ChatResponse chat(ChatRequest request) {
                    try {
                        return super.chat(request);
                    } catch (OverloadedException exception) {
                        return super.chat(request);
                    }
                }
            };
        }
    }

    @Test
    void secondAttempt() {
        ContractRun.eachFails(TriesAgainByItself.class, "aFailedCallIsOneRequest");
    }

    static class LosesTheUsageOfStreams extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                ToyAnswer streamedAnswer() {
                    return new ToyAnswer() {
                        @Override
                        Usage usage(String[] counts) {
                            return Usage.UNKNOWN;
                        }
                    };
                }
            };
        }
    }

    @Test
    void usage() {
        ContractRun.eachFails(LosesTheUsageOfStreams.class, "plainAndStreamedAnswersSayTheSame");
    }

    static class DecodesEveryPieceByItself extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                Lines lines() {
                    return new Lines() {
                        @Override
                        void add(byte[] bytes) {
                            String piece = new String(bytes, StandardCharsets.UTF_8);
                            super.add(piece.getBytes(StandardCharsets.UTF_8));
                        }
                    };
                }
            };
        }
    }

    @Test
    void utf8AcrossPieces() {
        ContractRun.eachFails(DecodesEveryPieceByItself.class, "anySplitOfAStreamIsTheSameAnswer");
    }

    static class LeavesTheSocketOpen extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                ToyExchange exchange(ChatRequest request, boolean streamed) {
                    return new ToyExchange(this, request, streamed) {
                        @Override
                        void hangUp(SocketChannel open) throws IOException {
                            open.shutdownInput();
                        }
                    };
                }
            };
        }
    }

    @Test
    void socketOfAClosedStream() {
        ContractRun.eachFails(LeavesTheSocketOpen.class, "closingAStreamClosesItsSocket");
    }

    static class TakesAnErrorForTheEnd extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                ToyAnswer streamedAnswer() {
                    return new ToyAnswer() {
                        @Override
                        @Nullable
                        StreamEvent take(String line) {
                            return line.startsWith("error")
                                    ? new StreamEvent.Finished(response(false))
                                    : super.take(line);
                        }
                    };
                }
            };
        }
    }

    @Test
    void errorInMidStream() {
        ContractRun.eachFails(TakesAnErrorForTheEnd.class, "anErrorInMidStreamCarriesWhatHadCome");
    }

    static class DropsWhatIsNotStreamed extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                StreamEvent unstreamed(ToyAnswer answer) {
                    return new StreamEvent.Finished(ChatResponse.of(""));
                }
            };
        }
    }

    @Test
    void plainAnswerToAStream() {
        ContractRun.eachFails(DropsWhatIsNotStreamed.class, "aPlainAnswerToAStreamIsNotLost");
    }

    static class QuotesTheServer extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                LlmException error(int status, ErrorDetails details, String body) {
                    LlmException sound = super.error(status, details, body);
                    return status == 401 ? new TransportException("server: said " + body, details, sound) : sound;
                }
            };
        }
    }

    @Test
    void keyInTheError() {
        ContractRun.eachFails(QuotesTheServer.class, "errorsAreTheSameBothWays");
    }

    static class ExpectsItsOwnErrorsOnly extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                LlmException error(int status, ErrorDetails details, String body) {
                    return body.startsWith("{\"error\"")
                            ? super.error(status, details, body)
                            : new MalformedResponseException("error: of no known form", details, null);
                }
            };
        }
    }

    @Test
    void errorsOfProxies() {
        ContractRun.eachFails(ExpectsItsOwnErrorsOnly.class, "errorsOfProxiesAreTold");
    }

    static class ForgetsHowLongToWait extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                ErrorDetails details(ToyExchange.Head head) {
                    return super.details(head).toBuilder().retryAfter(null).build();
                }
            };
        }
    }

    @Test
    void retryAfter() {
        ContractRun.eachFails(ForgetsHowLongToWait.class, "theWaitThatTheServerAsksForIsKnown");
    }

    static class CutsThePrompt extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                String prompt(ChatRequest request) {
                    String prompt = super.prompt(request);
                    return prompt.substring(0, Math.min(prompt.length(), 8 * 1024));
                }
            };
        }
    }

    @Test
    void longPrompt() {
        ContractRun.eachFails(CutsThePrompt.class, "longPromptsArriveWhole");
    }

    static class ConnectsForEveryCall extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                void keep(SocketChannel connection) {
                    // the fault
                }
            };
        }
    }

    @Test
    void connectionPool() {
        ContractRun.eachFails(ConnectsForEveryCall.class, "connectionsAreUsedAgain");
    }

    static class TakesALimitForABrokenConnection extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                ToyExchange exchange(ChatRequest request, boolean streamed) {
                    return new ToyExchange(this, request, streamed) {
                        @Override
                        LlmException timedOut() {
                            return new TransportException("connection: silent (expected: an answer)");
                        }
                    };
                }
            };
        }
    }

    @Test
    void limits() {
        ContractRun.eachFails(TakesALimitForABrokenConnection.class, "everyWaitHasALimit", "deadlineEndsAWaitForMore");
    }

    static class TellsEverybodyOfTheTrace extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return super.modelThatSendsTraceContext(server).orElseThrow();
        }
    }

    @Test
    void traceContextUnasked() {
        ContractRun.eachFails(TellsEverybodyOfTheTrace.class, "traceContextIsNotSentUnasked");
    }

    static class TellsNobodyOfTheTrace extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server);
        }

        @Override
        protected Optional<ChatModel> modelThatSendsTraceContext(URI server) {
            return Optional.of(model(server));
        }
    }

    @Test
    void traceContextNotSent() {
        ContractRun.eachFails(TellsNobodyOfTheTrace.class, "traceContextIsSentWhereAskedFor");
    }

    static class KeepsTheAnswerUnasked extends ToyChatModelContract {
        @Override
        protected ChatModel model(URI server) {
            return new ToyChatModel(server) {
                @Override
                public ChatStream stream(ChatRequest request) {
                    return super.stream(request.toBuilder().keepRaw(true).build());
                }
            };
        }
    }

    @Test
    void rawAnswer() {
        ContractRun.eachFails(KeepsTheAnswerUnasked.class, "theAnswerIsKeptAsItCameWhereAskedFor");
    }
}

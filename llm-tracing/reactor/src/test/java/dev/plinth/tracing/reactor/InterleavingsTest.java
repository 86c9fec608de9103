package dev.plinth.tracing.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Random pipelines over random schedulers: whatever is cancelled when, each interaction is one whole tree. */
class InterleavingsTest {

    private final Traces traces = new Traces();
    private final Scheduler waiting = Schedulers.newBoundedElastic(8, 1_000, "waiting");
    private final ReactorChatModel model = ReactorChatModel.of(
            traces.of(ScriptedChatModel.builder()
                    .when(
                            request -> request.messages().get(0).text().contains("bad"),
                            Reply.text("abc")
                                    .cut("a", "b", "c")
                                    .breakingAfter(1, () -> new OverloadedException("busy")))
                    .otherwise(request -> Reply.text("a b c d").cut("a ", "b ", "c ", "d"))
                    .build()),
            waiting);

    @Test
    void noSpanIsOrphanedOrLeftOpen() {
        Random random = new Random(20261126);
        List<Interaction> interactions = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            List<Mono<Void>> together = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Interaction interaction = Interaction.start("ask", CallContext.EMPTY);
                interactions.add(interaction);
                together.add(pipeline(random, 3)
                        .onErrorComplete()
                        .contextWrite(context -> context.put(CallContext.class, interaction.context()))
                        .then());
            }
            Mono.when(together).block();
        }
        waiting.disposeGracefully().block(); // what was cancelled has come to its end, too
        interactions.forEach(Interaction::close);

        traces.assertNoOrphans();
        for (Interaction interaction : interactions) {
            List<SpanData> spans = traces.spans().stream()
                    .filter(span -> interaction.id().equals(span.getAttributes().get(PlinthAttributes.INTERACTION_ID)))
                    .toList();
            Set<String> ids = spans.stream().map(SpanData::getTraceId).collect(Collectors.toSet());
            assertThat(ids).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(traces.spans()).hasSizeGreaterThan(200);
    }

    private Flux<?> pipeline(Random random, int depth) {
        ChatRequest request = ChatRequest.of(random.nextInt(6) == 0 ? "bad" : "good");
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> model.chat(request).flux();
            case 1 -> model.stream(request);
            case 2 -> model.stream(request).take(1 + random.nextInt(3));
            case 3 -> model.stream(request).limitRate(1).publishOn(Schedulers.parallel());
            case 4 -> Flux.firstWithSignal(model.chat(request), model.chat(request), model.stream(request));
            case 5 -> pipeline(random, depth - 1).onErrorComplete().thenMany(pipeline(random, depth - 1));
            case 6 -> Flux.merge(pipeline(random, depth - 1), pipeline(random, depth - 1));
            default -> Flux.zip(pipeline(random, depth - 1), pipeline(random, depth - 1));
        };
    }
}

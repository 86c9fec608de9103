package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.score.Target;
import dev.plinth.api.testkit.FakeFeedbackStore;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.feedback.FeedbackRecorder;
import dev.plinth.feedback.Thumb;
import dev.plinth.tracing.Conventions;
import dev.plinth.tracing.Tracing;
import dev.plinth.tracing.content.CaptureMode;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/tracing.md, run. */
class TracingSnippetsTest {

    private final OpenTelemetry openTelemetry = OpenTelemetry.noop();

    @Test
    void tracing() {
        ScriptedChatModel model = ScriptedChatModel.of("Yes.");
        // snippet: tracing
        Tracing tracing = Tracing.of(openTelemetry);
        Platform platform =
                Platform.builder().chat("support", model).layer(tracing.layer()).build();
        // end
        assertThat(platform.chat("support").chat(ChatRequest.of("There?")).text())
                .isEqualTo("Yes.");
    }

    @Test
    void conventions() {
        // snippet: tracing-conventions
        Tracing tracing = Tracing.builder(openTelemetry)
                .conventions(Conventions.GENAI_0_1)
                .alsoMetricsOf(Conventions.V1_41)
                .build();
        // end
        assertThat(tracing.layer()).isNotNull();
    }

    @Test
    void content() {
        String environment = "staging";
        // snippet: tracing-content
        ContentCapture capture = ContentCapture.builder(CaptureMode.METADATA)
                .environment(environment)
                .inEnvironment("staging", CaptureMode.REDACTED)
                .forTeam("payments", CaptureMode.OFF)
                .redactor(text -> text.replaceAll("[\\w.]+@[\\w.]+", "<email>"))
                .share(0.1)
                .build();
        Tracing tracing = Tracing.builder(openTelemetry).content(capture).build();
        // end
        assertThat(tracing.layer()).isNotNull();
        assertThat(capture.mode(CallContext.EMPTY)).isEqualTo(CaptureMode.REDACTED);
    }

    @Test
    void scores() {
        Tracing tracing = Tracing.of(openTelemetry);
        FeedbackRecorder feedback = new FeedbackRecorder(FakeFeedbackStore.create());
        String interactionId = "i-1";
        // snippet: tracing-scores
        Feedback said = feedback.thumb("click-81", Target.interaction(interactionId), "user-7", Thumb.DOWN);
        tracing.scores().accept(said.score());
        // end
        assertThat(said.score().label()).isPresent();
    }

    @Test
    void join() {
        Tracing tracing = Tracing.of(openTelemetry);
        Map<String, String> headers = Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        CallContext context = CallContext.EMPTY;
        // snippet: tracing-join
        try (Interaction interaction = Interaction.start("ask", tracing.join(context, headers))) {
            // ...
        }
        // end
        assertThat(tracing.join(context, headers)).isNotEqualTo(context);
    }
}

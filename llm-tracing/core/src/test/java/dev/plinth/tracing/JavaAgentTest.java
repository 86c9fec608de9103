package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.FakeClient;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.model.ModelInfo;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which models are seen to be reported by the agent, too. */
class JavaAgentTest {

    private final Map<String, String> settings = new HashMap<>();
    private final JavaAgent agent = new JavaAgent(true, settings::get);

    /** An adapter as people write them. */
    private static class SdkModel implements ChatModel {
        @SuppressWarnings("unused") // its type is what counts
        private final FakeClient client = new FakeClient();

        @Override
        public ChatResponse chat(ChatRequest request) {
            return ChatResponse.of("ok");
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ChatStream.replay(chat(request));
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("openai", "m");
        }
    }

    /** A model that chooses between several. */
    private static final class Choice extends ForwardingChatModel {
        @SuppressWarnings("unused")
        private final List<Map<String, ChatModel>> others;

        Choice(ChatModel first, ChatModel other) {
            super(first);
            this.others = List.of(Map.of("other", other));
        }
    }

    private static ChatModel plain() {
        return new FakeChat("m", request -> ChatResponse.of("ok"));
    }

    @Test
    void theClientOfAnSdkIsSeenThroughLayers() {
        assertThat(agent.reports(new SdkModel())).isEqualTo(JavaAgent.Sdk.OPENAI);
        assertThat(agent.reports(ChatWatch.around(new SdkModel(), request -> new ChatWatch() {})))
                .isEqualTo(JavaAgent.Sdk.OPENAI);
        assertThat(agent.reports(new Choice(plain(), new SdkModel()))).isEqualTo(JavaAgent.Sdk.OPENAI);
    }

    @Test
    void amongModelsWithoutAnSdkThereIsNone() {
        assertThat(agent.reports(plain())).isNull();
        Choice round = new Choice(plain(), plain());
        assertThat(agent.reports(new Choice(round, round))).isNull();
    }

    @Test
    void nothingIsReportedWithoutTheAgentOrWhereItIsToldSo() {
        assertThat(new JavaAgent(false, settings::get).reports(new SdkModel())).isNull();
        assertThat(JavaAgent.here().reports(new SdkModel()))
                .as("these tests run without it")
                .isNull();
        settings.put("otel.instrumentation.openai.enabled", "false");
        assertThat(agent.reports(new SdkModel())).isNull();
        settings.clear();
        settings.put("otel.instrumentation.common.default-enabled", "false");
        assertThat(agent.reports(new SdkModel())).isNull();
    }

    @Test
    void ofAllThatIsOffOneMayBeOn() {
        settings.put("otel.instrumentation.common.default-enabled", "false");
        settings.put("otel.instrumentation.openai.enabled", "true");
        assertThat(agent.reports(new SdkModel())).isEqualTo(JavaAgent.Sdk.OPENAI);
        settings.put("otel.instrumentation.openai.enabled", "false");
        settings.put("otel.instrumentation.openai-java.enabled", "true");
        assertThat(agent.reports(new SdkModel())).as("one of its names is on").isEqualTo(JavaAgent.Sdk.OPENAI);
        settings.remove("otel.instrumentation.common.default-enabled");
        assertThat(agent.reports(new SdkModel())).as("one of its names is off").isNull();
    }

    @Test
    void whatIsReportedTwiceIsSaidOnce() {
        Recording recording = new Recording();
        List<ModelInfo> elsewhere = new ArrayList<>();
        ReportedElsewhere reported = new ReportedElsewhere(
                elsewhere::contains,
                agent,
                recording.openTelemetry.getLogsBridge().get("test"));
        ChatModel model = new SdkModel();
        elsewhere.add(model.info());
        reported.check(model, model.info());
        assertThat(recording.events.getFinishedLogRecordItems()).isEmpty();

        elsewhere.clear();
        reported.check(plain(), plain().info());
        reported.check(model, model.info());
        reported.check(model, model.info());
        assertThat(recording.events.getFinishedLogRecordItems()).hasSize(1);
        LogRecordData warning = recording.events.getFinishedLogRecordItems().get(0);
        assertThat(warning.getSeverity()).isEqualTo(Severity.WARN);
        assertThat(warning.getBodyValue().asString())
                .isEqualTo("model m: reported by Plinth and by the Java agent (expected: by one of them; set"
                        + " -Dotel.instrumentation.openai.enabled=false, or Tracing.Builder.reportedElsewhere)");
    }
}

package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.usage.Attempt;
import dev.plinth.governance.KillSwitch;
import dev.plinth.governance.Stoppable;
import dev.plinth.providers.limit.RateLimits;
import dev.plinth.providers.retry.Retries;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Router;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

/** A kill switch and a router, which do not know each other. */
class StoppedRouterTest {

    private final KillSwitch killSwitch = KillSwitch.create();
    private final ChatModel model = Platform.builder()
            .chat(
                    "support",
                    Router.builder()
                            .deployment(Deployment.of("a", scripted("a")))
                            .deployment(Deployment.of("b", scripted("b")))
                            .build())
            .layer(killSwitch)
            .layer(Retries.create())
            .layer(RateLimits.builder().build())
            .build()
            .chat("support");

    private static ScriptedChatModel scripted(String name) {
        return ScriptedChatModel.builder()
                .info(ModelInfo.local("vendor", name))
                .otherwise(request -> Reply.text("from " + name).cut("from ", name))
                .build();
    }

    private void stop(String name) {
        killSwitch.stop(Stoppable.model("vendor", name), "leaks", "security");
    }

    @Test
    void callsGoToTheNextModelThatIsNotStopped() {
        stop("a");
        ChatResponse response = model.chat(ChatRequest.of("Why?"));
        assertThat(response.text()).isEqualTo("from b");
        assertThat(response.attempts())
                .extracting(Attempt::why)
                .containsExactly("first choice; not a (denied by kill-switch)");
        stop("b");
        assertThatThrownBy(() -> model.chat(ChatRequest.of("Why?")))
                .isInstanceOf(DeniedException.class)
                .hasMessageContaining("leaks");
        killSwitch.resume(Stoppable.model("vendor", "a"));
        assertThat(model.chat(ChatRequest.of("Why?")).text()).isEqualTo("from a");
    }

    @Test
    void aRunningStreamEndsWithItsOwnModelOnly() {
        try (ChatStream stream = model.stream(ChatRequest.of("Why?"))) {
            Iterator<StreamEvent> events = stream.iterator();
            assertThat(events.next()).isEqualTo(new StreamEvent.TextDelta("from "));
            stop("b");
            assertThat(events.next()).isEqualTo(new StreamEvent.TextDelta("a"));
            stop("a");
            assertThatThrownBy(events::next).isInstanceOf(DeniedException.class);
        }
    }
}

package dev.plinth.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponseCachingTest {

    private static final ChatRequest REQUEST = ChatRequest.of("hi");

    private final TestTime time = TestTime.manual();
    private final ResponseCaching caching = ResponseCaching.builder(CaffeineResponseCache.ofEntries(100, time))
            .ttl(Duration.ofMinutes(10))
            .build();

    @Test
    void standsWithTheCaches() {
        assertThat(caching.stage()).isEqualTo(Stage.CACHE);
    }

    @Test
    void theSecondCallIsAnsweredWithoutTheModel() {
        Cost cost = new Cost(new BigDecimal("0.01"), Currency.getInstance("EUR"), LocalDate.of(2026, 11, 1));
        ChatResponse first = ChatResponse.of("hello").toBuilder()
                .usage(Usage.of(10, 5))
                .cost(cost)
                .id("r-1")
                .build();
        ScriptedChatModel model = ScriptedChatModel.of(Reply.of(first));
        ChatModel cached = caching.around(model);
        assertThat(cached.chat(REQUEST)).isEqualTo(first);
        ChatResponse again = cached.chat(REQUEST);
        assertThat(again.text()).isEqualTo("hello");
        assertThat(again.id()).contains("r-1");
        assertThat(again.cached()).isTrue();
        assertThat(again.usage()).isEqualTo(Usage.NONE);
        assertThat(again.cost()).contains(new Cost(BigDecimal.ZERO, cost.currency(), cost.priceDate()));
        model.verify();
        assertThat(caching.statistics()).isEqualTo(new CacheStatistics(1, 0, 1, 0, 0, 15));
    }

    @Test
    void answersExpire() {
        ChatModel cached = caching.around(ScriptedChatModel.of("one", "two"));
        assertThat(cached.chat(REQUEST).text()).isEqualTo("one");
        time.advance(Duration.ofMinutes(10));
        assertThat(cached.chat(REQUEST).text()).isEqualTo("two");
    }

    @Test
    void anUnknownCostStaysUnknown() {
        ChatModel cached = caching.around(ScriptedChatModel.of("one"));
        cached.chat(REQUEST);
        assertThat(cached.chat(REQUEST).cost()).isEmpty();
    }

    @Test
    void aStreamIsKeptWhenItIsRead() {
        ScriptedChatModel model = ScriptedChatModel.of(Reply.text("hello").cut("hel", "lo"));
        ChatModel cached = caching.around(model);
        cached.stream(REQUEST).response();
        assertThat(cached.chat(REQUEST).cached()).isTrue();
        List<StreamEvent> events = new ArrayList<>();
        ChatStream replayed = cached.stream(REQUEST);
        replayed.forEach(events::add);
        assertThat(events)
                .containsExactly(new StreamEvent.TextDelta("hello"), new StreamEvent.Finished(replayed.response()));
        assertThat(replayed.response().cached()).isTrue();
        assertThat(replayed.response().usage()).isEqualTo(Usage.NONE);
        model.verify();
    }

    @Test
    void aStreamThatIsNotReadToItsEndIsNotKept() {
        Reply cut = Reply.text("hello").cut("hel", "lo");
        ScriptedChatModel model = ScriptedChatModel.of(
                cut, cut.breakingAfter(1, () -> new OverloadedException("busy")), cut.truncatedAfter(1), cut);
        ChatModel cached = caching.around(model);
        ChatStream closed = cached.stream(REQUEST);
        closed.iterator().next();
        closed.close();
        assertThatThrownBy(() -> cached.stream(REQUEST).response()).isInstanceOf(OverloadedException.class);
        assertThatThrownBy(() -> cached.stream(REQUEST).response()).isInstanceOf(RuntimeException.class);
        assertThat(cached.chat(REQUEST).cached()).isFalse();
        model.verify();
    }

    @ParameterizedTest
    @EnumSource(value = FinishReason.class, mode = EnumSource.Mode.EXCLUDE, names = "STOP")
    void onlyWholeAnswersAreKept(FinishReason reason) {
        Reply reply =
                Reply.of(ChatResponse.of("cut").toBuilder().finishReason(reason).build());
        ScriptedChatModel model = ScriptedChatModel.of(reply, reply, reply);
        ChatModel cached = caching.around(model);
        cached.chat(REQUEST);
        cached.stream(REQUEST).response();
        assertThat(cached.chat(REQUEST).cached()).isFalse();
        model.verify();
    }

    @Test
    void toolCallsEmptyAnswersAndErrorsAreNotKept() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.of(toolCallThatStops()),
                Reply.of(ChatResponse.builder().build()),
                Reply.error(() -> new OverloadedException("busy")),
                Reply.text("ok"));
        ChatModel cached = caching.around(model);
        cached.chat(REQUEST);
        cached.chat(REQUEST);
        assertThatThrownBy(() -> cached.chat(REQUEST)).isInstanceOf(OverloadedException.class);
        assertThat(cached.chat(REQUEST).text()).isEqualTo("ok");
        assertThat(cached.chat(REQUEST).cached()).isTrue();
        model.verify();
    }

    private static ChatResponse toolCallThatStops() {
        return ChatResponse.builder()
                .message(Message.assistant(List.of(new ToolCall("1", "t", "{}"))))
                .build();
    }

    @Test
    void whoSetsATemperatureWantsAnotherAnswer() {
        ChatRequest sampled = ChatRequest.builder().user("hi").temperature(0.7).build();
        ChatRequest greedy = ChatRequest.builder().user("hi").temperature(0).build();
        ChatModel cached = caching.around(ScriptedChatModel.of("1", "2", "3", "4"));
        cached.chat(sampled);
        cached.stream(sampled).response();
        assertThat(cached.chat(sampled).cached()).isFalse();
        cached.chat(greedy);
        assertThat(cached.chat(greedy).cached()).isTrue();
        assertThat(caching.statistics().bypassed()).isEqualTo(3);

        ResponseCaching all = ResponseCaching.builder(CaffeineResponseCache.ofEntries(10))
                .cacheSampled()
                .build();
        ChatModel willing = all.around(ScriptedChatModel.of("1"));
        willing.chat(sampled);
        assertThat(willing.chat(sampled).cached()).isTrue();
    }

    @Test
    void whatCannotBeComparedIsNotCached() {
        OptionKey<Object> strange = new OptionKey<>("vendor.strange", Object.class);
        ChatRequest request =
                ChatRequest.builder().user("hi").option(strange, new Object()).build();
        ChatModel cached = caching.around(ScriptedChatModel.of("1", "2"));
        cached.chat(request);
        assertThat(cached.chat(request).cached()).isFalse();
        assertThat(caching.statistics().bypassed()).isEqualTo(2);
    }

    @Test
    void usersTeamsAndApplicationsDoNotShare() {
        List<Principal> askers = List.of(
                new Principal("app", "team", "ann"),
                new Principal("app", "team", "bob"),
                new Principal("app", "team", null),
                new Principal("app", "other", "ann"),
                new Principal("other", "team", "ann"),
                new Principal("a/b", "c", null),
                new Principal("b", "c/a", null));
        ScriptedChatModel model = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("x"))
                .build();
        ChatModel cached = caching.around(model);
        cached.chat(REQUEST);
        askers.forEach(asker -> cached.chat(asking(asker)));
        assertThat(model.requests()).hasSize(askers.size() + 1);
        askers.forEach(asker -> assertThat(cached.chat(asking(asker)).cached()).isTrue());
    }

    @Test
    void aWiderScopeIsShared() {
        ResponseCaching wide = ResponseCaching.builder(CaffeineResponseCache.ofEntries(10))
                .scope(ResponseCaching::perApplication)
                .build();
        ChatModel cached = wide.around(ScriptedChatModel.of("1", "2"));
        cached.chat(asking(new Principal("app", "team", "ann")));
        assertThat(cached.chat(asking(new Principal("app", "team", "bob"))).cached())
                .isTrue();
        assertThat(cached.chat(asking(new Principal("app", "other", "ann"))).cached())
                .isFalse();
    }

    private static ChatRequest asking(Principal principal) {
        return REQUEST.toBuilder()
                .context(CallContext.builder().principal(principal).build())
                .build();
    }

    @Test
    void aStoreThatFailsFailsNoCall() {
        ResponseCaching broken = ResponseCaching.builder(new BrokenCache()).build();
        ChatModel cached = broken.around(ScriptedChatModel.of("1", "2"));
        assertThat(cached.chat(REQUEST).text()).isEqualTo("1");
        assertThat(cached.stream(REQUEST).response().text()).isEqualTo("2");
        assertThat(broken.statistics().storeFailures()).isEqualTo(4);
        assertThat(broken.statistics().misses()).isEqualTo(2);
    }

    @Test
    void degradedAnswersAreNotKept() {
        ChatResponse less = ChatResponse.of("less").toBuilder().degraded(true).build();
        ScriptedChatModel model = ScriptedChatModel.of(Reply.of(less), Reply.text("all"));
        ChatModel cached = caching.around(model);
        assertThat(cached.chat(REQUEST).degraded()).isTrue();
        assertThat(cached.chat(REQUEST).text()).isEqualTo("all");
        assertThat(cached.chat(REQUEST).cached()).isTrue();
        model.verify();
    }

    @Test
    void keptAnswersSayNothingOfTheAttemptsThatMadeThem() {
        Attempt attempt =
                new Attempt("eu", "p", "m", "first choice", Instant.EPOCH, Duration.ZERO, null, Usage.of(1, 1), null);
        ChatResponse first =
                ChatResponse.of("hello").toBuilder().attempts(List.of(attempt)).build();
        ChatModel cached = caching.around(ScriptedChatModel.of(Reply.of(first)));
        assertThat(cached.chat(REQUEST).attempts()).containsExactly(attempt);
        assertThat(cached.chat(REQUEST).attempts()).isEmpty();
    }
}

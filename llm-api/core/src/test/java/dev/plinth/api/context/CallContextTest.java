package dev.plinth.api.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.fake.FakeTime;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class CallContextTest {
    private final CallContext a = CallContext.builder().session("a").build();
    private final CallContext b = CallContext.builder().session("b").build();

    @Test
    void isEmptyUntilSet() {
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
        assertThat(CallContext.EMPTY.principal()).isEmpty();
        assertThat(CallContext.EMPTY.deadline()).isEmpty();
        assertThat(CallContext.EMPTY.tags()).isEmpty();
    }

    @Test
    void carriesWhatLayersAttach() {
        CallContext carrying = a.toBuilder().attachment(Integer.class, 1).build();
        CallContext within = carrying.toBuilder().attachment(Integer.class, 2).build();
        assertThat(a.attachment(Integer.class)).isEmpty();
        assertThat(carrying.attachment(Integer.class)).contains(1);
        assertThat(within.attachment(Integer.class)).contains(2);
        assertThat(within.attachment(String.class)).isEmpty();
    }

    @Test
    void roundTripsThroughItsBuilder() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), new FakeTime());
        Principal principal = new Principal("app", "team", "u-1");
        CallContext full = CallContext.builder()
                .principal(principal)
                .useCase("support")
                .session("s")
                .prompt(new PromptRef("greeting", "3"))
                .deadline(deadline)
                .tag("b", "2")
                .tag("a", "1")
                .call("7")
                .build();
        CallContext copy = full.toBuilder().tag("c", "3").build();
        assertThat(copy.principal()).contains(principal);
        assertThat(copy.useCase()).contains("support");
        assertThat(copy.session()).contains("s");
        assertThat(copy.prompt()).contains(new PromptRef("greeting", "3"));
        assertThat(copy.deadline()).containsSame(deadline);
        assertThat(copy.call()).contains("7");
        assertThat(copy.tags().keySet()).containsExactly("a", "b", "c");
        assertThat(full.tags().keySet()).containsExactly("a", "b");
        assertThat(full.toString()).contains("useCase=support", "tags={a=1, b=2}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Principal("app", "team", " "))
                .withMessage("user:   (expected: not blank, or null)");
    }

    @Test
    void scopesNestAndRestore() {
        try (Scope outer = a.makeCurrent()) {
            assertThat(CallContext.current()).isSameAs(a);
            try (Scope inner = b.makeCurrent()) {
                assertThat(CallContext.current()).isSameAs(b);
                inner.close();
                assertThat(CallContext.current()).isSameAs(a);
            }
            assertThat(CallContext.current()).as("closed twice does nothing").isSameAs(a);
        }
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
    }

    @Test
    void isRestoredWhenTheWorkThrows() {
        assertThatThrownBy(() -> a.run(() -> {
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");
        assertThatThrownBy(() -> a.call(() -> {
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");
        assertThatThrownBy(() -> a.wrapCallable(() -> {
                            throw new Exception("work");
                        })
                        .call())
                .hasMessage("work");
        assertThat(CallContext.current()).isSameAs(CallContext.EMPTY);
    }

    @Test
    void wrappedWorkCarriesIt() throws Exception {
        List<CallContext> seen = new ArrayList<>();
        Executor direct = Runnable::run;
        b.run(() -> a.wrap(direct).execute(() -> seen.add(CallContext.current())));
        a.wrap(() -> {
                    seen.add(CallContext.current());
                })
                .run();
        seen.add(a.wrapCallable(CallContext::current).call());
        assertThat(seen).containsExactly(a, a, a);
    }

    @Test
    void threadsDoNotInheritIt() throws Exception {
        List<CallContext> seen = new ArrayList<>();
        a.run(() -> {
            Thread thread = new Thread(() -> seen.add(CallContext.current()));
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException exception) {
                throw new IllegalStateException(exception);
            }
        });
        assertThat(seen).containsExactly(CallContext.EMPTY);
    }

    @Test
    void untilKeepsTheEarlierDeadline() {
        FakeTime time = new FakeTime();
        Deadline soon = Deadline.after(Duration.ofSeconds(1), time);
        Deadline late = Deadline.after(Duration.ofSeconds(9), time);
        assertThat(a.until(late).deadline()).containsSame(late);
        assertThat(a.until(late).until(soon).deadline()).containsSame(soon);
        assertThat(a.until(soon).until(late).deadline()).containsSame(soon);
        assertThat(a.until(soon).session()).contains("a");
        assertThat(a.deadline()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> a.until(null));
    }
}

package dev.plinth.providers.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FairnessTest {

    @Test
    void aTenantWithOneWaitingCallIsNotHeldUpByOneWithMany() throws Exception {
        TestTime time = TestTime.manual();
        List<String> order = new CopyOnWriteArrayList<>();
        RateLimits limits = RateLimits.builder()
                .each(Limit.builder().requestsPerMinute(1).build())
                .maxWait(Duration.ofDays(1))
                .time(time)
                .build();
        ChatModel model = limits.around(ScriptedChatModel.builder()
                .otherwise(request -> {
                    order.add(request.context().principal().orElseThrow().team());
                    return Reply.text("yes");
                })
                .build());
        model.chat(Calls.request(Calls.team("first")));
        List<Calls.Running<String>> calls = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            calls.add(Calls.chat(model, Calls.request(Calls.team("many"))));
            time.awaitSleepers(i);
        }
        calls.add(Calls.chat(model, Calls.request(Calls.team("one"))));
        time.awaitSleepers(51);
        for (int left = 51; left > 0; left--) {
            time.awaitSleepers(left);
            time.advance(Duration.ofMinutes(1));
            int passed = 51 - left + 2;
            while (order.size() < passed) {
                Thread.onSpinWait();
            }
        }
        for (Calls.Running<String> call : calls) {
            call.end();
        }
        assertThat(order.subList(0, 4)).containsExactly("first", "many", "many", "one");
    }

    /**
     * Against the plain model of it: whoever joins, leaves or has passed, no tenant passes twice while another waits, and
     * callers of one tenant keep their order.
     */
    @Property(tries = 300)
    void tenantsTakeTurns(@ForAll @Size(max = 60) List<@IntRange(max = 20) Integer> steps) {
        Turns turns = new Turns();
        Map<String, List<Turns.Turn>> waiting = new LinkedHashMap<>();
        Map<String, Integer> passedSince = new HashMap<>(); // others' passes while this tenant waits, by tenant pair
        Turns.Turn up = null;
        for (int step : steps) {
            if (step <= 12) {
                String tenant = "t" + step % 4;
                Turns.Turn turn = turns.join(tenant, Amounts.call(1, 1), true);
                waiting.computeIfAbsent(tenant, name -> new ArrayList<>()).add(turn);
                if (up == null) {
                    assertThat(turn.isUp()).isTrue();
                    up = turn;
                    waiting.get(tenant).remove(turn);
                } else {
                    assertThat(turn.isUp()).isFalse();
                }
            } else if (step <= 17) {
                if (up == null) {
                    continue;
                }
                turns.leave(up);
                up = null;
                for (Map.Entry<String, List<Turns.Turn>> tenant : waiting.entrySet()) {
                    List<Turns.Turn> own = tenant.getValue();
                    if (!own.isEmpty() && own.get(0).isUp()) {
                        assertThat(up).as("one turn at a time").isNull();
                        up = own.remove(0);
                        for (String other : waiting.keySet()) {
                            if (!other.equals(tenant.getKey())
                                    && !waiting.get(other).isEmpty()) {
                                int passes = passedSince.merge(other + " behind " + tenant.getKey(), 1, Integer::sum);
                                assertThat(passes)
                                        .as("passes of one while another waits")
                                        .isLessThanOrEqualTo(1);
                            }
                        }
                        passedSince.keySet().removeIf(pair -> pair.startsWith(tenant.getKey() + " "));
                    }
                    assertThat(own).as("order within a tenant").noneMatch(Turns.Turn::isUp);
                }
                boolean somebody = waiting.values().stream().anyMatch(own -> !own.isEmpty());
                assertThat(up != null || !somebody).as("the turn is passed on").isTrue();
            } else {
                List<Turns.Turn> own = waiting.getOrDefault("t" + step % 4, List.of());
                if (!own.isEmpty()) {
                    turns.leave(own.remove(own.size() - 1));
                    if (own.isEmpty()) {
                        String gone = "t" + step % 4 + " ";
                        passedSince.keySet().removeIf(pair -> pair.startsWith(gone));
                    }
                }
            }
        }
    }
}

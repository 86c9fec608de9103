package dev.plinth.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.error.DeniedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.testkit.TestTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Against the plainest reading of what a stop means, on names few enough to meet. */
class KillSwitchPropertyTest {

    /** A stop in words: its kind and its names; no part means all parts. */
    record Thing(String kind, String name, @Nullable String part) {

        Stoppable stoppable() {
            return switch (kind) {
                case "team" -> Stoppable.team(name);
                case "use case" -> Stoppable.useCase(name);
                case "prompt" -> part == null ? Stoppable.prompt(name) : Stoppable.prompt(name, part);
                case "model" -> part == null ? Stoppable.provider(name) : Stoppable.model(name, part);
                default -> Stoppable.everything();
            };
        }

        boolean stops(Caller caller) {
            return switch (kind) {
                case "team" -> name.equals(caller.team);
                case "use case" -> name.equals(caller.useCase);
                case "prompt" -> name.equals(caller.prompt) && (part == null || part.equals(caller.version));
                case "model" -> name.equals(caller.provider) && (part == null || part.equals(caller.model));
                default -> true;
            };
        }
    }

    record Caller(
            @Nullable String team,
            @Nullable String useCase,
            @Nullable String prompt,
            String version,
            String provider,
            String model) {

        ChatRequest request() {
            CallContext.Builder context = CallContext.builder();
            if (team != null) {
                context.principal(new Principal("app", team, null));
            }
            if (useCase != null) {
                context.useCase(useCase);
            }
            if (prompt != null) {
                context.prompt(new PromptRef(prompt, version));
            }
            return ChatRequest.builder().user("hi").context(context.build()).build();
        }

        ScriptedChatModel scripted() {
            return ScriptedChatModel.builder()
                    .info(ModelInfo.local(provider, model))
                    .otherwise(request -> Reply.text("One two").cut("One ", "two"))
                    .build();
        }
    }

    record Turn(Thing thing, boolean stop) {}

    @Property
    void stopsWhatItSaysAndNothingElse(@ForAll("turns") List<Turn> turns, @ForAll("callers") List<Caller> callers) {
        KillSwitch killSwitch = KillSwitch.create(TestTime.manual());
        Set<Thing> stopped = new LinkedHashSet<>();
        for (Turn turn : turns) {
            if (turn.stop) {
                killSwitch.stop(turn.thing.stoppable(), "why", "me");
                stopped.add(turn.thing);
            } else {
                killSwitch.resume(turn.thing.stoppable());
                stopped.remove(turn.thing);
            }
            for (Caller caller : callers) {
                boolean denied = stopped.stream().anyMatch(thing -> thing.stops(caller));
                ChatModel switched = killSwitch.around(caller.scripted());
                assertThat(isDenied(() -> switched.chat(caller.request()))).isEqualTo(denied);
                ChatModel routed = killSwitch.around(new FakeRouter(caller.scripted()));
                assertThat(isDenied(() -> routed.stream(caller.request()).response()))
                        .isEqualTo(denied);
            }
        }
    }

    @Property
    void runningStreamsEndWhenTheyAreStoppedAndNoOthers(
            @ForAll("turns") List<Turn> turns, @ForAll("callers") List<Caller> callers) {
        KillSwitch killSwitch = KillSwitch.create(TestTime.manual());
        List<ScriptedChatModel> models = callers.stream().map(Caller::scripted).toList();
        List<ChatStream> streams = new ArrayList<>();
        for (int i = 0; i < callers.size(); i++) {
            streams.add(killSwitch.around(models.get(i)).stream(callers.get(i).request()));
            streams.get(i).iterator().next();
        }
        Set<Thing> everStopped = new LinkedHashSet<>();
        for (Turn turn : turns) {
            if (turn.stop) {
                killSwitch.stop(turn.thing.stoppable(), "why", "me");
                everStopped.add(turn.thing);
            } else {
                killSwitch.resume(turn.thing.stoppable());
            }
        }
        for (int i = 0; i < callers.size(); i++) {
            Caller caller = callers.get(i);
            boolean denied = everStopped.stream().anyMatch(thing -> thing.stops(caller));
            assertThat(models.get(i).openStreams()).isEqualTo(denied ? 0 : 1);
            assertThat(isDenied(streams.get(i)::response)).isEqualTo(denied);
        }
    }

    private static boolean isDenied(Runnable call) {
        try {
            call.run();
            return false;
        } catch (DeniedException denied) {
            return true;
        }
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "\u00FC", "A");
    }

    @Provide
    Arbitrary<List<Turn>> turns() {
        Arbitrary<Thing> things = Combinators.combine(
                        Arbitraries.of("team", "use case", "prompt", "model", "everything"),
                        names(),
                        names().injectNull(0.5))
                .as((kind, name, part) -> switch (kind) {
                    case "everything" -> new Thing(kind, "", null);
                    case "team", "use case" -> new Thing(kind, name, null);
                    default -> new Thing(kind, name, part);
                });
        return Combinators.combine(things, Arbitraries.of(true, true, false))
                .as(Turn::new)
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<Caller>> callers() {
        return Combinators.combine(
                        names().injectNull(0.3),
                        names().injectNull(0.3),
                        names().injectNull(0.3),
                        names(),
                        names(),
                        names())
                .as(Caller::new)
                .list()
                .ofMaxSize(4);
    }
}

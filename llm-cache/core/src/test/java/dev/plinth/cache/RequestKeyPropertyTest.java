package dev.plinth.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.PromptRef;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.time.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Two requests have the same key exactly when they ask for the same. */
class RequestKeyPropertyTest {

    private static final OptionKey<Object> EFFORT = new OptionKey<>("vendor.effort", Object.class);

    record Params(
            Optional<Double> temperature,
            Optional<Double> topP,
            Optional<Integer> maxTokens,
            Optional<Long> seed,
            List<String> stop,
            ToolChoice choice,
            ResponseFormat format,
            Optional<Object> effort) {}

    record Asked(
            Optional<String> model,
            List<Message> messages,
            List<ToolSpec> tools,
            Params params,
            Optional<PromptRef> prompt) {

        ChatRequest request(int noise) {
            ChatRequest.Builder builder = ChatRequest.builder().messages(messages);
            model.ifPresent(builder::model);
            tools.forEach(builder::tool);
            params.temperature.ifPresent(builder::temperature);
            params.topP.ifPresent(builder::topP);
            params.maxTokens.ifPresent(builder::maxOutputTokens);
            params.seed.ifPresent(builder::seed);
            params.effort.ifPresent(effort -> builder.option(EFFORT, effort));
            CallContext.Builder context =
                    CallContext.builder().tag("noise", "n" + noise).session("s" + noise);
            prompt.ifPresent(context::prompt);
            return builder.stop(params.stop.toArray(String[]::new))
                    .toolChoice(params.choice)
                    .responseFormat(params.format)
                    .timeouts(Timeouts.DEFAULT.withTotal(Duration.ofSeconds(1 + noise)))
                    .context(context.build())
                    .build();
        }
    }

    @Provide
    Arbitrary<Asked> asked() {
        Arbitrary<String> text = Arbitraries.of("a", "ab", "b", "", "1", "null", "\ud800", "\udc00");
        Arbitrary<Media> media = Arbitraries.of(
                Media.of(new byte[] {1, 2}, "image/png"),
                Media.of(new byte[] {1, 3}, "image/png"),
                Media.of(new byte[] {1, 2}, "image/jpeg"),
                Media.of(URI.create("https://example.com/a"), "image/png"));
        Arbitrary<Part> parts = Arbitraries.oneOf(
                text.map(Part.Text::new),
                media.map(Part.Image::new),
                media.map(Part.Audio::new),
                Combinators.combine(media, text).as(Part.File::new));
        Arbitrary<Part> said = Arbitraries.oneOf(
                text.map(Part.Text::new),
                Combinators.combine(text, text.injectNull(0.5))
                        .as((thought, signature) ->
                                new Part.Reasoning(thought, signature, signature == null ? null : "p")),
                Combinators.combine(text, text, text).as(ToolCall::new),
                Combinators.combine(text, text, text)
                        .as((protocol, type, json) -> new Part.Other("p" + protocol, type, json)));
        Arbitrary<Message> messages = Arbitraries.oneOf(
                text.map(Message::system),
                parts.list().ofMinSize(1).ofMaxSize(2).map(list -> Message.user(list.toArray(Part[]::new))),
                said.list().ofMaxSize(2).map(Message::assistant),
                Combinators.combine(text, Arbitraries.of(true, false)).as((answer, error) -> {
                    ToolCall call = new ToolCall("1", "t", "{}");
                    return Message.tool(List.of(error ? call.error(answer) : call.result(answer)));
                }));
        Arbitrary<List<ToolSpec>> tools = Arbitraries.of(
                List.of(),
                List.of(new ToolSpec("t", "", "{}")),
                List.of(new ToolSpec("t", "does", "{}")),
                List.of(new ToolSpec("t", "", "{}"), new ToolSpec("u", "", "{}")));
        return Combinators.combine(
                        Arbitraries.of("m", "n", "base").optional(),
                        messages.list().ofMinSize(1).ofMaxSize(3),
                        tools,
                        params(),
                        Arbitraries.of(new PromptRef("p", "1"), new PromptRef("p", "2"))
                                .optional())
                .as(Asked::new);
    }

    private static Arbitrary<Params> params() {
        return Combinators.combine(
                        Arbitraries.of(0.0, 0.5).optional(0.2),
                        Arbitraries.of(0.5, 1.0).optional(0.2),
                        Arbitraries.of(1, 2).optional(0.2),
                        Arbitraries.of(1L, 2L).optional(0.2),
                        Arbitraries.of(List.<String>of(), List.of("a", "b"), List.of("ab")),
                        Arbitraries.of(ToolChoice.AUTO, ToolChoice.NONE, ToolChoice.REQUIRED),
                        Arbitraries.of(
                                ResponseFormat.TEXT,
                                ResponseFormat.JSON,
                                new ResponseFormat.Schema("s", "{}", true),
                                new ResponseFormat.Schema("s", "{}", false)),
                        Arbitraries.<Object>of(
                                        1,
                                        1L,
                                        "1",
                                        true,
                                        List.of("a", "b"),
                                        List.of("ab"),
                                        Map.of("a", 1),
                                        Thread.State.NEW)
                                .optional(0.3))
                .as(Params::new);
    }

    private static final ModelInfo INFO = ModelInfo.local("provider", "base");

    @Property(tries = 2000)
    void keysAreEqualExactlyWhenRequestsAre(@ForAll("asked") Asked one, @ForAll("asked") Asked other) {
        assertThat(digest(one.request(1))).isEqualTo(digest(one.request(2)));
        assertThat(digest(one.request(1)).equals(digest(other.request(1)))).isEqualTo(same(one, other));
    }

    /** Small changes are where keys go wrong: one thing at a time. */
    @Property(tries = 2000)
    void everyThingThatMattersChangesTheKey(@ForAll("asked") Asked one, @ForAll("asked") Asked other) {
        List<Asked> mixed = List.of(
                new Asked(other.model, one.messages, one.tools, one.params, one.prompt),
                new Asked(one.model, other.messages, one.tools, one.params, one.prompt),
                new Asked(one.model, one.messages, other.tools, one.params, one.prompt),
                new Asked(one.model, one.messages, one.tools, other.params, one.prompt),
                new Asked(one.model, one.messages, one.tools, one.params, other.prompt));
        for (Asked changed : mixed) {
            assertThat(digest(one.request(1)).equals(digest(changed.request(1))))
                    .isEqualTo(same(one, changed));
        }
    }

    /** A request that names the model it would go to anyway asks for the same. */
    private static boolean same(Asked one, Asked other) {
        return one.model.orElse(INFO.model()).equals(other.model.orElse(INFO.model()))
                && one.messages.equals(other.messages)
                && one.tools.equals(other.tools)
                && one.params.equals(other.params)
                && one.prompt.equals(other.prompt);
    }

    private static Optional<String> digest(ChatRequest request) {
        Optional<String> digest = RequestEncoder.digest(INFO, request);
        assertThat(digest).isPresent();
        return digest;
    }

    @Example
    void whoServesMatters() {
        ChatRequest request = ChatRequest.of("hi");
        URI here = URI.create("https://one.example/v1");
        URI there = URI.create("https://two.example/v1");
        assertThat(List.of(
                                INFO,
                                ModelInfo.local("other", "base"),
                                ModelInfo.local("provider", "other"),
                                new ModelInfo("provider", "base", Set.of(), here),
                                new ModelInfo("provider", "base", Set.of(), there))
                        .stream()
                        .map(info -> RequestEncoder.digest(info, request).orElseThrow()))
                .doesNotHaveDuplicates();
    }

    @Example
    void composedAndDecomposedTextsAreTheSame() {
        assertThat(digest(ChatRequest.of("caf\u00e9"))).isEqualTo(digest(ChatRequest.of("cafe\u0301")));
    }

    @Example
    void valuesThatCannotBeComparedHaveNoKey() {
        ChatRequest request = ChatRequest.builder()
                .user("hi")
                .option(EFFORT, List.of(new Object()))
                .build();
        assertThat(RequestEncoder.digest(INFO, request)).isEmpty();
    }

    /** Computed by another program; a store may outlive a process. When it changes, so does the version in the encoding. */
    @Example
    void theKeyStaysTheSameFromBuildToBuild() {
        assertThat(digest(ChatRequest.of("hi")))
                .contains("8e73a7081564ec3eed8cfec2f3e125b9dfa8f7c5c24f3eaf7f748182b6d595d7");
    }
}

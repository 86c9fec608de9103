package dev.plinth.api.chat;

import dev.plinth.api.option.OptionKey;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random messages and requests. */
final class Requests {
    static final OptionKey<String> EFFORT = new OptionKey<>("vendor.effort", String.class);

    private Requests() {}

    private static Arbitrary<String> text() {
        return Arbitraries.strings().ofMaxLength(20);
    }

    private static Arbitrary<String> name() {
        return Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8);
    }

    static Arbitrary<Message> message() {
        Arbitrary<Message> user = text().map(Message::user);
        Arbitrary<Message> system = text().map(Message::system);
        Arbitrary<Message> assistant = Combinators.combine(text(), name())
                .as((text, name) ->
                        Message.assistant(List.of(new Part.Text(text), new ToolCall("id-" + name, name, text))));
        Arbitrary<Message> tool = Combinators.combine(text(), name())
                .as((text, name) -> Message.tool(List.of(new ToolCall("id-" + name, name, "{}").result(text))));
        Arbitrary<Message> image = text().map(text ->
                Message.user(new Part.Text(text), new Part.Image(Media.of(new byte[] {1}, "image/png"))));
        return Arbitraries.oneOf(user, system, assistant, tool, image);
    }

    static Arbitrary<ChatRequest> request() {
        Arbitrary<ResponseFormat> format =
                Arbitraries.of(ResponseFormat.TEXT, ResponseFormat.JSON, new ResponseFormat.Schema("s", "{}", true));
        return Combinators.combine(
                        message().list().ofMinSize(1).ofMaxSize(4),
                        name().set().ofMaxSize(3),
                        format,
                        Arbitraries.doubles().between(0, 2).optional(),
                        Arbitraries.integers().between(1, 9).optional(),
                        text().optional(),
                        Arbitraries.longs().optional(),
                        name().optional())
                .as((messages, tools, form, temperature, tokens, stop, seed, model) -> {
                    ChatRequest.Builder builder =
                            ChatRequest.builder().messages(messages).responseFormat(form);
                    tools.forEach(tool -> builder.tool(new ToolSpec(tool, "", "{}")));
                    temperature.ifPresent(builder::temperature);
                    temperature.ifPresent(value -> builder.topP((value + 0.1) / 3));
                    tokens.ifPresent(builder::maxOutputTokens);
                    stop.ifPresent(builder::stop);
                    seed.ifPresent(builder::seed);
                    model.ifPresent(builder::model);
                    model.ifPresent(value -> builder.option(EFFORT, value));
                    return builder.build();
                });
    }
}

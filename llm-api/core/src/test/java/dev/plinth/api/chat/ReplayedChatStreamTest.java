package dev.plinth.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.api.error.CancelledException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReplayedChatStreamTest {
    private static List<StreamEvent> replayed(ChatResponse response) {
        List<StreamEvent> events = new ArrayList<>();
        ChatStream.replay(response).forEach(events::add);
        return events;
    }

    private static ChatResponse response(Part... parts) {
        return ChatResponse.builder().message(Message.assistant(List.of(parts))).build();
    }

    @Test
    void replaysPartsInOrder() {
        ChatResponse response = response(
                new Part.Reasoning("hm", "sig", "test"),
                new Part.Text("I look it up."),
                new ToolCall("1", "weather", "{\"city\":\"Oslo\"}"),
                new ToolCall("2", "time", "{}"));
        assertThat(replayed(response))
                .containsExactly(
                        new StreamEvent.ReasoningDelta("hm"),
                        new StreamEvent.TextDelta("I look it up."),
                        new StreamEvent.ToolCallDelta(0, "1", "weather", "{\"city\":\"Oslo\"}"),
                        new StreamEvent.ToolCallDelta(1, "2", "time", "{}"),
                        new StreamEvent.Finished(response));
    }

    @Test
    void deltasAreNotEmpty() {
        ChatResponse response = response(new Part.Reasoning("", "sig", "test"), new Part.Text(""));
        assertThat(replayed(response)).containsExactly(new StreamEvent.Finished(response));
    }

    @Property
    void textIsTheSame(@ForAll List<String> texts) {
        ChatResponse response = response(texts.stream().map(Part.Text::new).toArray(Part[]::new));
        StringBuilder heard = new StringBuilder();
        ChatStream stream = ChatStream.replay(response).onText(heard::append);
        assertThat(heard).hasToString(response.text());
        assertThat(stream.response()).isSameAs(response);
    }

    @Test
    void canBeClosedEarly() {
        ChatStream stream = ChatStream.replay(ChatResponse.of("Hello"));
        stream.close();
        assertThatExceptionOfType(CancelledException.class).isThrownBy(stream::response);
    }
}

package dev.plinth.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final ToolCall CALL = new ToolCall("1", "weather", "{}");

    @Test
    void onlyAnAssistantMaySayNothing() {
        assertThat(new Message(Role.ASSISTANT, List.of()).text()).isEmpty();
        for (Role role : List.of(Role.SYSTEM, Role.USER, Role.TOOL)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Message(role, List.of()))
                    .withMessage("parts: empty (expected: at least one part)");
        }
    }

    @Test
    void toolResultsStandInToolMessagesOnly() {
        ToolResult result = CALL.result("Rain");
        assertThat(Message.tool(List.of(result)).parts()).containsExactly(result);
        for (Role role : List.of(Role.SYSTEM, Role.USER, Role.ASSISTANT)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Message(role, List.of(new Part.Text("x"), result)))
                    .withMessage("parts: " + role + " (expected: tool results in TOOL messages only)");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Message(Role.TOOL, List.of(result, new Part.Text("x"))))
                .withMessage("parts: TOOL (expected: tool results in TOOL messages only)");
    }

    @Test
    void joinsTextAndFindsCalls() {
        Message message = Message.assistant(List.of(
                new Part.Text("a"),
                new Part.Reasoning("no"),
                CALL,
                new Part.Text("b"),
                new Part.Other("test", "x", "{}")));
        assertThat(message.text()).isEqualTo("ab");
        assertThat(message.toolCalls()).containsExactly(CALL);
    }

    @Test
    void isImmutable() {
        List<Part> parts = new ArrayList<>(List.of(new Part.Text("a")));
        Message message = new Message(Role.USER, parts);
        parts.clear();
        assertThat(message.text()).isEqualTo("a");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> message.parts().clear());
    }

    @Test
    void mediaCopiesItsBytes() {
        byte[] bytes = {1, 2, 3};
        Media media = Media.of(bytes, "Image/PNG");
        bytes[0] = 9;
        media.bytes().orElseThrow()[1] = 9;
        assertThat(media).isEqualTo(Media.of(new byte[] {1, 2, 3}, "image/png"));
        assertThat(media.hashCode())
                .isEqualTo(Media.of(new byte[] {1, 2, 3}, "image/png").hashCode());
        assertThat(media.uri()).isEmpty();
        assertThat(media).hasToString("Media[image/png, 3 bytes]");
        assertThatIllegalArgumentException().isThrownBy(() -> Media.of(new byte[0], "image/png"));
        assertThatIllegalArgumentException().isThrownBy(() -> Media.of(bytes, "png"));
        assertThatIllegalArgumentException().isThrownBy(() -> Media.of(URI.create("a.png"), "image/png"));
        assertThat(Media.of(URI.create("https://example.com/a.png"), "image/png")
                        .bytes())
                .isEmpty();
    }

    @Test
    void toolNamesAreWhatAllVendorsTake() {
        assertThat(new ToolSpec("get_Weather-2", "", "{}").name()).isEqualTo("get_Weather-2");
        for (String name : List.of("a b", "a.b", "größe", "x".repeat(65), "a\n")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ToolSpec(name, "", "{}"))
                    .withMessage("name: " + name + " (expected: 1 to 64 of a-z, A-Z, 0-9, _ and -)");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new ToolSpec("", "", "{}"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ToolChoice(ToolChoice.Mode.TOOL, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new ToolChoice(ToolChoice.Mode.AUTO, "weather"));
    }
}

package dev.plinth.governance.guardrails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskingTest {

    @Test
    void standsWithTheGuards() {
        assertThat(Masking.layer().stage()).isEqualTo(Stage.GUARD);
    }

    @Test
    void theModelSeesTokensOnly() {
        ToolCall call = new ToolCall("1", "charge", "{\"to\":\"anna@example.com\",\"card\":4111111111111111}");
        ChatRequest request = ChatRequest.builder()
                .system("Support is help@example.com.")
                .message(Message.user(
                        new Part.Text("I am anna@example.com, card 4111 1111 1111 1111."),
                        new Part.File(Media.of(new byte[] {1}, "text/plain"), "anna@example.com.txt")))
                .message(
                        Message.assistant(List.of(new Part.Reasoning("it is Anna@Example.com", "proof", "test"), call)))
                .message(Message.tool(List.of(call.result("{\"card\": 4111111111111111, \"cc\": \"bo@example.com\"}"))))
                .build();
        List<Message> seen = seenBy(request).messages();
        assertThat(seen.get(0).text()).isEqualTo("Support is <EMAIL_1>.");
        assertThat(seen.get(1).text()).isEqualTo("I am <EMAIL_2>, card <CARD_1>.");
        assertThat(((Part.File) seen.get(1).parts().get(1)).name()).isEqualTo("<EMAIL_3>");
        assertThat(seen.get(2).parts())
                .containsExactly(
                        new Part.Reasoning("it is <EMAIL_2>", "proof", "test"),
                        new ToolCall("1", "charge", "{\"to\":\"<EMAIL_2>\",\"card\":\"<CARD_1>\"}"));
        assertThat(seen.get(3).parts()).containsExactly(call.result("{\"card\": \"<CARD_1>\", \"cc\": \"<EMAIL_4>\"}"));
    }

    @Test
    void aRequestWithNothingToMaskPassesAsItIs() {
        ChatRequest request = ChatRequest.builder()
                .user("What happened at 1763942400000?")
                .temperature(0.3)
                .build();
        assertThat(seenBy(request)).isEqualTo(request);
    }

    @Test
    void aConversationSentAgainHasTheSameTokens() {
        ScriptedChatModel model = ScriptedChatModel.of("Hello <EMAIL_1>, I asked boss@example.com", "ok");
        ChatModel masked = Masking.layer().around(model);
        ChatRequest first = ChatRequest.of("I am anna@example.com");
        String answer = masked.chat(first).text();
        assertThat(answer).isEqualTo("Hello <EMAIL_1>, I asked <EMAIL_2>");
        masked.chat(first.toBuilder()
                .message(Message.assistant(answer))
                .user("Write to anna@example.com and cc@example.com")
                .build());
        assertThat(model.requests().get(1).messages())
                .extracting(Message::text)
                .containsExactly(
                        "I am <EMAIL_1>", "Hello <EMAIL_1>, I asked <EMAIL_2>", "Write to <EMAIL_1> and <EMAIL_3>");
    }

    @Test
    void maskedDataKeepsItsOrigin() {
        ScriptedChatModel model = ScriptedChatModel.of("ok");
        Masking.layer()
                .around(model)
                .chat(ChatRequest.builder()
                        .message(Message.user(new Part.Text("Write to anna@example.com", "docs/a.md#1")))
                        .build());
        assertThat(model.onlyRequest().messages().get(0).parts())
                .containsExactly(new Part.Text("Write to <EMAIL_1>", "docs/a.md#1"));
    }

    @Test
    void theAnswerIsMaskedToo() {
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant(List.of(
                        new Part.Reasoning("bo@example.com?"),
                        new Part.Text("Ask bo@example.com or anna@example.com."),
                        new ToolCall("1", "pay", "{\"card\": 4111111111111111}"),
                        new Part.Other("test", "note", "{\"by\":\"bo@example.com\"}"))))
                .raw("anna@example.com")
                .build();
        ScriptedChatModel model = ScriptedChatModel.of(Reply.of(response));
        ChatResponse masked = Masking.layer().around(model).chat(ChatRequest.of("I am anna@example.com"));
        assertThat(masked.message().parts())
                .containsExactly(
                        new Part.Reasoning("<EMAIL_2>?"),
                        new Part.Text("Ask <EMAIL_2> or <EMAIL_1>."),
                        new ToolCall("1", "pay", "{\"card\": \"<CARD_1>\"}"),
                        new Part.Other("test", "note", "{\"by\":\"<EMAIL_2>\"}"));
        assertThat(masked.raw()).isEmpty();
    }

    @Test
    void jsonThatWasAskedForStaysJson() {
        ScriptedChatModel model = ScriptedChatModel.of("{\"card\":4111111111111111}", "{\"card\":4111111111111111}");
        ChatModel masked = Masking.layer().around(model);
        ChatRequest request = ChatRequest.builder()
                .user("Which card?")
                .responseFormat(ResponseFormat.JSON)
                .build();
        assertThat(masked.chat(request).text()).isEqualTo("{\"card\":\"<CARD_1>\"}");
        assertThat(masked.stream(request).response().text()).isEqualTo("{\"card\":\"<CARD_1>\"}");
    }

    @Test
    void restoringGivesTheAskerTheOwnValuesBack() {
        ChatResponse response = ChatResponse.builder()
                .message(Message.assistant(List.of(
                        new Part.Text(
                                "For <EMAIL_2> and <EMAIL_1>, not <EMAIL_9> nor evil@example.com; anna@example.com."),
                        new ToolCall("1", "send", "{\"to\":\"<EMAIL_1>\"}"))))
                .build();
        ScriptedChatModel model = ScriptedChatModel.of(Reply.of(response), Reply.of(response));
        ChatModel masked = Masking.restoring().around(model);
        ChatRequest request = ChatRequest.of("I am anna@example.com, he is bo@example.com");
        List<Part> parts = List.of(
                new Part.Text(
                        "For bo@example.com and anna@example.com, not <EMAIL_9> nor <EMAIL_3>; anna@example.com."),
                new ToolCall("1", "send", "{\"to\":\"anna@example.com\"}"));
        assertThat(masked.chat(request).message().parts()).isEqualTo(parts);
        assertThat(masked.stream(request).response().message().parts()).isEqualTo(parts);
        assertThat(model.requests().get(0).messages().get(0).text()).isEqualTo("I am <EMAIL_1>, he is <EMAIL_2>");
    }

    @Test
    void aTokenThatSomebodyWroteIsNeverRestored() {
        ScriptedChatModel model = ScriptedChatModel.of("You wrote <EMAIL_1> and <EMAIL_2>.");
        ChatResponse response =
                Masking.restoring().around(model).chat(ChatRequest.of("anna@example.com, what is <EMAIL_1>?"));
        assertThat(model.onlyRequest().messages().get(0).text()).isEqualTo("<EMAIL_2>, what is <EMAIL_1>?");
        assertThat(response.text()).isEqualTo("You wrote <EMAIL_1> and anna@example.com.");
    }

    @Test
    void thePartialTextOfAnErrorIsMasked() {
        ChatModel failing = Masking.layer().around(new ForwardingChatModel(ScriptedChatModel.of("unused")) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                throw new ContentFilteredException("cut").setPartial("ask bo@example.com or carl@exam", Usage.of(1, 1));
            }
        });
        assertThatThrownBy(() -> failing.chat(ChatRequest.of("who?")))
                .isInstanceOfSatisfying(ContentFilteredException.class, failure -> {
                    assertThat(failure.partialText()).isEqualTo("ask <EMAIL_1> or ");
                    assertThat(failure.partialUsage()).isEqualTo(Usage.of(1, 1));
                });
    }

    private static ChatRequest seenBy(ChatRequest request) {
        ScriptedChatModel model = ScriptedChatModel.of("ok");
        Masking.layer().around(model).chat(request);
        return model.onlyRequest();
    }
}

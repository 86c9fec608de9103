package dev.plinth.governance.guardrails;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** Masks an answer with the tokens of its request, and restores them where that is wanted. */
final class AnswerMask {

    private static final List<Detector> WITH_TOKENS =
            List.of(new EmailDetector(), new CardDetector(), new TokenDetector());

    private final Tokens tokens;
    private final boolean restoring;
    private final boolean jsonText;

    AnswerMask(Tokens tokens, boolean restoring, boolean jsonText) {
        this.tokens = tokens;
        this.restoring = restoring;
        this.jsonText = jsonText;
    }

    /** A mask for the text of the answer. */
    TextMask text() {
        return mask(jsonText);
    }

    /** A mask for what the model thinks. */
    TextMask reasoning() {
        return mask(false);
    }

    /** A mask for the arguments of a tool call, and whatever else is JSON. */
    TextMask json() {
        return mask(true);
    }

    private TextMask mask(boolean json) {
        return new TextMask(restoring ? WITH_TOKENS : RequestMask.PERSONAL_DATA, this::rewritten, json);
    }

    private String rewritten(Finding.Kind kind, String value) {
        if (kind == Finding.Kind.TOKEN) {
            String restored = tokens.valueOf(value);
            return restored == null ? value : restored;
        }
        return restoring && tokens.isAskers(kind, value) ? value : tokens.tokenOf(kind, value);
    }

    /** The answer as the asker may see it. */
    ChatResponse mask(ChatResponse response) {
        TextMask text = text();
        TextMask reasoning = reasoning();
        List<Part> parts = new ArrayList<>();
        for (Part part : response.message().parts()) {
            if (part instanceof Part.Text said) {
                parts.add(new Part.Text(whole(text, said.text())));
            } else if (part instanceof Part.Reasoning thought) {
                parts.add(
                        new Part.Reasoning(whole(reasoning, thought.text()), thought.signature(), thought.protocol()));
            } else if (part instanceof ToolCall call) {
                parts.add(new ToolCall(call.id(), call.name(), whole(json(), call.arguments())));
            } else if (part instanceof Part.Other other) {
                parts.add(new Part.Other(other.protocol(), other.type(), whole(json(), other.json())));
            } else {
                parts.add(part);
            }
        }
        Message message = Message.assistant(parts);
        ChatResponse.Builder masked = response.toBuilder().message(message).raw(null);
        if (message.text().equals(response.text())) {
            masked.citations(response.citations().stream().map(this::masked).toList());
        } else {
            // They speak of the text by its places and tokens, which are other ones now.
            masked.citations(List.of()).logprobs(List.of());
        }
        return masked.build();
    }

    private Citation masked(Citation citation) {
        return new Citation(
                citation.start(),
                citation.end(),
                whole(text(), citation.source()),
                citation.title() == null ? null : whole(text(), citation.title()),
                citation.quote() == null ? null : whole(text(), citation.quote()));
    }

    static String whole(TextMask mask, String text) {
        return mask.append(text) + mask.flush();
    }
}

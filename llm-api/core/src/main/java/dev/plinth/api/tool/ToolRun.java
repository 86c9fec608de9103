package dev.plinth.api.tool;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.check.Check;
import java.util.List;

/**
 * What a {@link ToolLoop} did.
 *
 * @param response the last answer; its usage and cost are those of all rounds together
 * @param messages the whole conversation: the request's, every answer, every result
 * @param rounds how many answers the model gave
 * @param end why the loop ended
 */
public record ToolRun(ChatResponse response, List<Message> messages, int rounds, End end) {

    /** Why a loop ended. */
    public enum End {
        /** The model asked for no more tools. */
        ANSWERED,
        /** The limit of rounds was met; the last answer still asks for tools. */
        ROUNDS,
        /** The model made the same call too often; the last answer still asks for it. */
        REPEATS,
        /** The limit of tokens was met; the last answer still asks for tools. */
        TOKENS
    }

    public ToolRun {
        Check.notNull(response, "response");
        messages = List.copyOf(messages);
        Check.positive(rounds, "rounds");
        Check.notNull(end, "end");
    }

    /** Names the facts, without the content of the messages. */
    @Override
    public String toString() {
        return "ToolRun[" + response + ", " + messages.size() + " messages, rounds=" + rounds + ", end=" + end + "]";
    }
}

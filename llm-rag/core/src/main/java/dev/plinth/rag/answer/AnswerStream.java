package dev.plinth.rag.answer;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A generated answer as it comes. The pieces of text are the model's own words, numbers that no source has included;
 * {@link #answer} has them taken out.
 *
 * <p>Read by one thread, closed by any. Errors are those of the {@link ChatStream} behind it.
 */
public final class AnswerStream implements AutoCloseable {
    private final @Nullable ChatStream stream;
    private final Function<ChatResponse, Answer> reader;
    private @Nullable Answer answer;

    AnswerStream(ChatStream stream, Function<ChatResponse, Answer> reader) {
        this.stream = stream;
        this.reader = reader;
    }

    /** An answer that is known already. */
    AnswerStream(Answer answer) {
        this.stream = null;
        this.reader = response -> answer;
        this.answer = answer;
    }

    /**
     * Reads to the end and hands every piece of text to the sink. When there are no grounds the sink gets the text that
     * says so, never the model's mark for it.
     *
     * @return this, for {@link #answer}
     */
    public AnswerStream onText(Consumer<? super String> sink) {
        if (stream == null) {
            sink.accept(answer().text());
            return this;
        }
        HoldBack holdBack = new HoldBack(sink);
        stream.onText(holdBack::accept);
        if (answer().kind() == Answer.Kind.NO_GROUNDS) {
            sink.accept(answer().text());
        } else {
            holdBack.release();
        }
        return this;
    }

    /** Reads what is left and returns the whole answer; again and again the same one. */
    public Answer answer() {
        if (answer == null && stream != null) {
            answer = reader.apply(stream.response());
        }
        if (answer == null) {
            throw new IllegalStateException("answer: none (expected: a stream or an answer)");
        }
        return answer;
    }

    /** Cancels the call if it still runs. Closing twice does nothing. */
    @Override
    public void close() {
        if (stream != null) {
            stream.close();
        }
    }

    /** Keeps back the beginning of the text as long as it may become the mark for no answer. */
    private static final class HoldBack {
        private final Consumer<? super String> sink;
        private final StringBuilder held = new StringBuilder();
        private boolean open;

        HoldBack(Consumer<? super String> sink) {
            this.sink = sink;
        }

        void accept(String piece) {
            if (open) {
                sink.accept(piece);
                return;
            }
            held.append(piece);
            String start = held.toString().stripLeading();
            boolean maybeMark = CitedPrompt.NO_ANSWER.startsWith(start) || start.startsWith(CitedPrompt.NO_ANSWER);
            if (!maybeMark) {
                release();
            }
        }

        void release() {
            if (!open && held.length() > 0) {
                sink.accept(held.toString());
            }
            open = true;
        }
    }
}

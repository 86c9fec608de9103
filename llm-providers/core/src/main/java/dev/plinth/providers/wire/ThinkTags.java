package dev.plinth.providers.wire;

/**
 * Tells what a model thought from what it says where a server leaves both in the text: {@code <think>...</think>} at its
 * start. The tags may be cut anywhere. Text that begins otherwise goes through as it is.
 *
 * <p>Not thread-safe.
 */
public final class ThinkTags {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum State {
        START,
        THOUGHT,
        GAP,
        TEXT
    }

    private final AnswerParts parts;
    private State state = State.START;
    private String held = "";

    /** Tells these parts. */
    public ThinkTags(AnswerParts parts) {
        this.parts = parts;
    }

    /** More of the text. */
    public void text(String text) {
        switch (state) {
            case TEXT -> parts.text(text);
            case START -> start(held + text);
            case THOUGHT -> thought(held + text);
            case GAP -> gap(text);
        }
    }

    /** Tells what was held back, at the end of the text; whether there was something. */
    public boolean end() {
        boolean told = !held.isEmpty();
        if (state == State.THOUGHT) {
            parts.reasoning(held);
        } else {
            parts.text(held);
        }
        held = "";
        return told;
    }

    private void start(String text) {
        String begun = text.stripLeading();
        if (begun.startsWith(OPEN)) {
            state = State.THOUGHT;
            held = "";
            thought(begun.substring(OPEN.length()));
        } else if (OPEN.startsWith(begun)) {
            held = text;
        } else {
            state = State.TEXT;
            held = "";
            parts.text(text);
        }
    }

    private void thought(String text) {
        int close = text.indexOf(CLOSE);
        if (close >= 0) {
            state = State.GAP;
            held = "";
            parts.reasoning(text.substring(0, close));
            gap(text.substring(close + CLOSE.length()));
            return;
        }
        int safe = text.length() - beginningOfClose(text);
        parts.reasoning(text.substring(0, safe));
        held = text.substring(safe);
    }

    /** How many chars at the end of the text may be the beginning of the closing tag. */
    private static int beginningOfClose(String text) {
        for (int length = Math.min(CLOSE.length() - 1, text.length()); length > 0; length--) {
            if (CLOSE.startsWith(text.substring(text.length() - length))) {
                return length;
            }
        }
        return 0;
    }

    /** Between the thought and the text there are empty lines that belong to neither. */
    private void gap(String text) {
        String rest = text.stripLeading();
        if (!rest.isEmpty()) {
            state = State.TEXT;
            parts.text(rest);
        }
    }
}

package dev.plinth.providers.wire;

import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.StreamEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an answer while it is read, in the order they come, and, of a stream, the events that tell of them.
 *
 * <p>The text of a stream is kept by the stream already, so here it is only measured. Not thread-safe.
 */
public final class AnswerParts {

    /** Stays empty: nobody is told of a plain answer. */
    private static final Queue<StreamEvent> NO_EVENTS = new ArrayDeque<>(0);

    private final boolean streamed;
    private final Queue<StreamEvent> events;
    private final List<Supplier<Part>> parts = new ArrayList<>(2);
    private List<ToolCallBuilder> calls = List.of();
    private String whole = "";
    private int textLength;
    private @Nullable Span openText;
    private @Nullable Thought openThought;

    AnswerParts(boolean streamed) {
        this.streamed = streamed;
        this.events = streamed ? new ArrayDeque<>(2) : NO_EVENTS;
    }

    /** More text; it joins the text before it, unless another part came between or the block was ended. */
    public void text(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (openText == null) {
            endBlock();
            openText = new Span(textLength);
            parts.add(openText);
        }
        textLength += text.length();
        openText.end = textLength;
        if (streamed) {
            events.add(new StreamEvent.TextDelta(text));
        } else {
            whole = whole.isEmpty() ? text : whole.concat(text); // of one piece nearly always
        }
    }

    /** How many chars of text there are so far: where the next text starts. */
    public int textLength() {
        return textLength;
    }

    /** More of what the model thinks; it joins the thought before it as text does. */
    public void reasoning(String text) {
        if (text.isEmpty()) {
            return;
        }
        thought().text.append(text);
        if (streamed) {
            events.add(new StreamEvent.ReasoningDelta(text));
        }
    }

    /** More of the vendor's proof of the thought that is open; while none is, of the part that comes next. */
    public void signature(String protocol, String fragment) {
        if (!fragment.isEmpty()) {
            thought().sign(protocol, fragment);
        }
    }

    private Thought thought() {
        if (openThought == null) {
            endBlock();
            openThought = new Thought();
            parts.add(openThought);
        }
        return openThought;
    }

    /** Text and thoughts that come next are parts of their own. */
    public void endBlock() {
        openText = null;
        openThought = null;
    }

    /**
     * A tool call begins.
     *
     * @param id the vendor's; empty: one is made up
     */
    public ToolCallBuilder toolCall(String id, String name) {
        ToolCallBuilder call = new ToolCallBuilder(this, calls.size(), id, name);
        calls = calls.isEmpty() ? new ArrayList<>(2) : calls;
        calls.add(call);
        place(call);
        return call;
    }

    /** Another part, whole. */
    public void add(Part part) {
        place(() -> part);
    }

    /** A part that is put together elsewhere, and complete when the answer is. */
    public void place(Supplier<Part> part) {
        endBlock();
        parts.add(part);
    }

    /** Tells whoever reads the stream; of a plain answer nobody is told. */
    public void tell(StreamEvent event) {
        if (streamed) {
            events.add(event);
        }
    }

    /** Whether somebody is told. */
    public boolean streamed() {
        return streamed;
    }

    @Nullable
    StreamEvent nextEvent() {
        return events.poll();
    }

    /** At the end: calls without arguments get an empty object, and whoever listens is told; whether there was one. */
    boolean end() {
        boolean told = false;
        for (ToolCallBuilder call : calls) {
            told |= call.end();
        }
        return told;
    }

    /** The text of a plain answer. */
    String wholeText() {
        return whole;
    }

    /** The parts, the text among them cut out of this one. */
    List<Part> toParts(String text) {
        if (parts.size() == 1) {
            return List.of(part(parts.get(0), text)); // of most answers
        }
        List<Part> all = new ArrayList<>(parts.size());
        for (Supplier<Part> part : parts) {
            all.add(part(part, text));
        }
        return all;
    }

    private static Part part(Supplier<Part> part, String text) {
        return part instanceof Span span ? span.of(text) : part.get();
    }

    /** A piece of the text. */
    private static final class Span implements Supplier<Part> {
        private final int start;
        private int end;

        Span(int start) {
            this.start = start;
        }

        Part of(String text) {
            return new Part.Text(text.substring(start, end)); // the same String where it is all of it
        }

        @Override
        public Part get() {
            throw new IllegalStateException("text: kept elsewhere (expected: handed in)");
        }
    }

    private static final class Thought implements Supplier<Part> {
        private final StringBuilder text = new StringBuilder();
        private @Nullable String protocol;
        private @Nullable String signature;

        void sign(String by, String fragment) {
            protocol = by;
            signature = signature == null ? fragment : signature.concat(fragment);
        }

        @Override
        public Part get() {
            return new Part.Reasoning(text.toString(), signature, protocol);
        }
    }
}

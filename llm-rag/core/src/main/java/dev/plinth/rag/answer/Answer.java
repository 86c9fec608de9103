package dev.plinth.rag.answer;

import dev.plinth.api.chat.ChatResponse;
import java.util.List;
import java.util.Optional;

/**
 * An answer and what it rests on.
 *
 * <p>Immutable and thread-safe.
 */
public final class Answer {
    /** How the text came about. */
    public enum Kind {
        /** A language model wrote it from the sources. */
        GENERATED,
        /** Sentences of the sources, word for word. */
        EXTRACTIVE,
        /** What was found does not answer the question, or the model wrote nothing; the text says only that. */
        NO_GROUNDS
    }

    private static final String NO_GROUNDS_TEXT = "The documents do not answer this question.";
    private static final String UNWRITTEN_TEXT = "The model wrote no answer.";

    private final String text;
    private final Kind kind;
    private final List<Citation> citations;
    private final List<Integer> invalidCitations;
    private final String reason;
    private final Optional<Evidence> evidence;
    private final Optional<ChatResponse> response;

    private Answer(
            String text,
            Kind kind,
            List<Citation> citations,
            List<Integer> invalidCitations,
            String reason,
            Optional<Evidence> evidence,
            Optional<ChatResponse> response) {
        this.text = text;
        this.kind = kind;
        this.citations = List.copyOf(citations);
        this.invalidCitations = List.copyOf(invalidCitations);
        this.reason = reason;
        this.evidence = evidence;
        this.response = response;
    }

    static Answer extractive(String text, List<Citation> citations, String reason, Evidence evidence) {
        return new Answer(text, Kind.EXTRACTIVE, citations, List.of(), reason, Optional.of(evidence), Optional.empty());
    }

    static Answer noGrounds(String reason, Optional<Evidence> evidence, Optional<ChatResponse> response) {
        return new Answer(NO_GROUNDS_TEXT, Kind.NO_GROUNDS, List.of(), List.of(), reason, evidence, response);
    }

    /** The documents may well hold an answer: it is the model that gave none. */
    static Answer unwritten(Optional<Evidence> evidence, ChatResponse response) {
        return new Answer(
                UNWRITTEN_TEXT,
                Kind.NO_GROUNDS,
                List.of(),
                List.of(),
                "the model wrote nothing, finish reason " + response.finishReason(),
                evidence,
                Optional.of(response));
    }

    static Answer generated(CitationReader reader, String reason, Optional<Evidence> evidence, ChatResponse response) {
        return new Answer(
                reader.text(),
                Kind.GENERATED,
                reader.citations(),
                reader.invalid(),
                reason,
                evidence,
                Optional.of(response));
    }

    /** The answer, with {@code [n]} where it rests on citation n. */
    public String text() {
        return text;
    }

    /** How the text came about. */
    public Kind kind() {
        return kind;
    }

    /** What the text rests on, by number. A generated text without citations has none: take it with caution. */
    public List<Citation> citations() {
        return citations;
    }

    /** Numbers that a model cited though no source has them; they were taken out of the text. */
    public List<Integer> invalidCitations() {
        return invalidCitations;
    }

    /** Citations whose source does not hold what the text states with their number, see {@link Citation#support}. */
    public List<Citation> unsupportedCitations() {
        return citations.stream().filter(citation -> !citation.isSupported()).toList();
    }

    /** Why the question was taken as answerable or not, for people: the evidence and the threshold. */
    public String reason() {
        return reason;
    }

    /** The two numbers that decided; empty when nothing was found or the decision was left to the model. */
    public Optional<Evidence> evidence() {
        return evidence;
    }

    /** The response of the language model, with its usage; empty when none was asked. */
    public Optional<ChatResponse> response() {
        return response;
    }

    /** Names the kind, without the text. */
    @Override
    public String toString() {
        return "Answer[" + kind + ", " + citations.size() + " citations]";
    }
}

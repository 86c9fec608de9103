package dev.plinth.samples.quickstart;

import dev.plinth.api.context.Interaction;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Target;
import dev.plinth.feedback.FeedbackRecorder;
import dev.plinth.feedback.Thumb;
import dev.plinth.rag.answer.Answer;
import java.util.Locale;
import java.util.UUID;

/** Asks the person at the terminal for a thumb or an edit, keeps it, and reads it back. */
final class FeedbackPrompt {

    private static final String PERSON = "person-at-the-terminal";

    private final Terminal terminal;
    private final FeedbackStore store;
    private final FeedbackRecorder recorder;

    FeedbackPrompt(Terminal terminal, FeedbackStore store) {
        this.terminal = terminal;
        this.store = store;
        this.recorder = new FeedbackRecorder(store);
    }

    void offer(Interaction interaction, Answer answer) {
        String choice = terminal.ask("\nGood answer? [y]es, [n]o, [e]dit it, Enter to skip: ");
        Target target = Target.interaction(interaction.id());
        String id = UUID.randomUUID().toString();
        switch (choice.strip().toLowerCase(Locale.ROOT)) {
            case "y", "yes" -> recorder.thumb(id, target, PERSON, Thumb.UP);
            case "n", "no" -> recorder.thumb(id, target, PERSON, Thumb.DOWN);
            case "e", "edit" -> recorder.edit(id, target, PERSON, answer.text(), terminal.ask("Better: "));
            default -> {
                return;
            }
        }
        store.find(id).ifPresent(this::confirm);
    }

    private void confirm(Feedback feedback) {
        String detail =
                feedback.score().explanation().orElse(feedback.score().label().orElse(""));
        terminal.out().println("Kept: " + feedback.kind().name().toLowerCase(Locale.ROOT) + ", " + detail);
        terminal.out().flush();
    }
}

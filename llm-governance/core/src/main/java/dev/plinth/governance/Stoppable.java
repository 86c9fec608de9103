package dev.plinth.governance;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link KillSwitch} can stop. Two of the same name are equal, in whichever Unicode form it was typed.
 *
 * <p>Immutable and thread-safe.
 */
public final class Stoppable {

    private static final Stoppable EVERYTHING = new Stoppable("everything");

    private final List<String> path; // what kind of thing, and its names

    private Stoppable(String kind, String... names) {
        List<String> all = new ArrayList<>(List.of(kind));
        for (String name : names) {
            all.add(Normalizer.normalize(Check.notBlank(name, kind), Normalizer.Form.NFC));
        }
        this.path = List.copyOf(all);
    }

    /** All calls. */
    public static Stoppable everything() {
        return EVERYTHING;
    }

    /** The calls of a team, as in {@link dev.plinth.api.context.Principal#team()}. */
    public static Stoppable team(String team) {
        return new Stoppable("team", team);
    }

    /** The calls for a use case, as in {@link CallContext#useCase()}. */
    public static Stoppable useCase(String useCase) {
        return new Stoppable("use case", useCase);
    }

    /** The calls made from a prompt, in all its versions, as in {@link CallContext#prompt()}. */
    public static Stoppable prompt(String name) {
        return new Stoppable("prompt", name);
    }

    /** The calls made from one version of a prompt. */
    public static Stoppable prompt(String name, String version) {
        return new Stoppable("prompt", name, version);
    }

    /** The calls to all models of a provider, as in {@link dev.plinth.api.model.ModelInfo#provider()}. */
    public static Stoppable provider(String provider) {
        return new Stoppable("model", provider);
    }

    /** The calls to a model, by its real name. */
    public static Stoppable model(String provider, String model) {
        return new Stoppable("model", provider, model);
    }

    /** All that stops a call in this context, wherever it goes. */
    static List<Stoppable> of(CallContext context) {
        List<Stoppable> all = new ArrayList<>(List.of(EVERYTHING));
        context.principal().ifPresent(principal -> all.add(team(principal.team())));
        context.useCase().ifPresent(useCase -> all.add(useCase(useCase)));
        context.prompt().ifPresent(prompt -> {
            all.add(prompt(prompt.name()));
            all.add(prompt(prompt.name(), prompt.version()));
        });
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Stoppable that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    /** Such as {@code team search} or {@code model openai/gpt-5}. */
    @Override
    public String toString() {
        return path.get(0) + (path.size() == 1 ? "" : " " + String.join("/", path.subList(1, path.size())));
    }
}

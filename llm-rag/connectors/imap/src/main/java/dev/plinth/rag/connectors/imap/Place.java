package dev.plinth.rag.connectors.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: which mails of which folder were named already.
 *
 * @param complete whether the list names everything, or what has changed
 * @param folder the number of the folder it is at
 * @param begun whether a page of that folder was given
 * @param states of the folders, in their order
 */
record Place(boolean complete, int folder, boolean begun, List<State> states) {
    private static final String MARK = "imap1";

    /**
     * What is known of a folder.
     *
     * @param validity of its numbers: with another one they name other mails
     * @param next the number that the next mail would get; -1 if the server does not tell
     * @param known the mails that were named
     */
    record State(long validity, long next, Uids known) {
        static final State UNKNOWN = new State(-1, -1, Uids.NONE);
    }

    /** The start of a whole list. */
    static Place start(int folders) {
        List<State> states = new ArrayList<>();
        for (int i = 0; i < folders; i++) {
            states.add(State.UNKNOWN);
        }
        return new Place(true, 0, false, List.copyOf(states));
    }

    /** Of a text that {@link #text} gave; nothing if it did not, or for another connector. */
    static Optional<Place> parse(@Nullable String text, String settings, int folders) {
        String[] parts = text == null ? new String[0] : text.split(";", -1);
        if (parts.length != 5 + folders || !parts[0].equals(MARK) || !parts[1].equals(settings)) {
            return Optional.empty();
        }
        try {
            List<State> states = new ArrayList<>();
            for (int i = 0; i < folders; i++) {
                String[] state = parts[5 + i].split(" ", -1);
                states.add(new State(Long.parseLong(state[0]), Long.parseLong(state[1]), Uids.parse(state[2])));
            }
            int folder = Integer.parseInt(parts[3]);
            return folder < 0 || folder >= folders
                    ? Optional.empty()
                    : Optional.of(new Place(parts[2].equals("all"), folder, parts[4].equals("begun"), states));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    /** @param settings what decides which mails are listed: after a change of it everything is listed again */
    String text(String settings) {
        StringBuilder text = new StringBuilder(MARK + ";" + settings + ";" + (complete ? "all" : "changes") + ";"
                + folder + ";" + (begun ? "begun" : "new"));
        for (State state : states) {
            text.append(';').append(state.validity()).append(' ').append(state.next());
            text.append(' ').append(state.known());
        }
        return text.toString();
    }

    State state() {
        return states.get(folder);
    }

    private Place with(State state, int folder, boolean begun) {
        List<State> changed = new ArrayList<>(states);
        changed.set(this.folder, state);
        return new Place(complete, folder, begun, List.copyOf(changed));
    }

    /** Further on in the same folder. */
    Place further(State state) {
        return with(state, folder, true);
    }

    /** At the next folder, or, after the last one, at the start of a list of changes. */
    Place nextFolder(State state) {
        return isLast() ? new Place(false, 0, false, with(state, 0, false).states()) : with(state, folder + 1, false);
    }

    boolean isLast() {
        return folder == states.size() - 1;
    }
}

package dev.plinth.feedback;

import com.github.difflib.algorithm.DiffAlgorithmI;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import dev.plinth.feedback.Edit.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which words of two texts are the same, in their order: as many as can be (E. W. Myers, "An O(ND) difference algorithm
 * and its variations", Algorithmica 1, 1986).
 *
 * @param exact whether the differing part was short enough to be compared
 */
record WordDiff(List<Change> changes, int originalWords, int editedWords, int kept, boolean exact) {

    // 5,000 by 5,000 words take less than a second; the work grows with the square.
    private static final long MAX_CELLS = 25_000_000;

    static WordDiff between(String original, String edited) {
        List<Word> before = Words.of(original);
        List<Word> after = Words.of(edited);
        Map<String, Integer> numbers = new HashMap<>();
        int[] one = numbered(before, numbers);
        int[] other = numbered(after, numbers);
        Span middle = Span.differing(one, other);
        boolean exact = middle.cells() <= MAX_CELLS;

        Changes changes = new Changes(new Side(original, before), new Side(edited, after));
        int replaced = 0;
        for (Block block : exact ? compared(one, other, middle) : List.of(Block.of(middle))) {
            changes.keepUntil(block.from());
            changes.replaceUntil(block.to(), block.otherTo());
            replaced += block.to() - block.from();
        }
        changes.keepUntil(before.size());
        return new WordDiff(changes.finish(), before.size(), after.size(), before.size() - replaced, exact);
    }

    private static List<Block> compared(int[] one, int[] other, Span middle) {
        DiffAlgorithmI<Integer> myers = new MyersDiffWithLinearSpace<>();
        int shift = middle.start();
        Deque<Block> blocks = new ArrayDeque<>();
        for (var change : myers.computeDiff(boxed(middle.of(one)), boxed(middle.ofOther(other)), null)) {
            int from = shift + change.startOriginal;
            // A removal and an addition with nothing kept between them are one replacement.
            boolean adjacent = !blocks.isEmpty() && blocks.getLast().to() == from;
            int first = adjacent ? blocks.removeLast().from() : from;
            blocks.addLast(new Block(first, shift + change.endOriginal, shift + change.endRevised));
        }
        return List.copyOf(blocks);
    }

    private static List<Integer> boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().collect(Collectors.toList());
    }

    // Comparing numbers is quicker than comparing texts.
    private static int[] numbered(List<Word> words, Map<String, Integer> numbers) {
        return words.stream()
                .mapToInt(word -> numbers.computeIfAbsent(word.key(), key -> numbers.size()))
                .toArray();
    }

    /** Words that differ: from and to in the one, and to in the other, where it begins follows from what was kept. */
    private record Block(int from, int to, int otherTo) {
        static Block of(Span span) {
            return new Block(span.start(), span.end(), span.otherEnd());
        }
    }

    /** A text that is handed out from left to right; a word takes the white space that follows it along. */
    private static final class Side {
        private final String text;
        private final List<Word> words;
        private int word;
        private int at;

        Side(String text, List<Word> words) {
            this.text = text;
            this.words = words;
        }

        String takeUntil(int end) {
            if (end == word) {
                return "";
            }
            int from = at;
            word = end;
            at = end == words.size() ? text.length() : words.get(end).start();
            return text.substring(from, at);
        }

        String rest() {
            return text.substring(at);
        }
    }

    /** Collects the changes of two texts from left to right. */
    private static final class Changes {
        private final Side original;
        private final Side edited;
        private final List<Change> changes = new ArrayList<>();

        Changes(Side original, Side edited) {
            this.original = original;
            this.edited = edited;
        }

        void keepUntil(int end) {
            int words = end - original.word;
            if (words > 0) {
                add(Change.Kind.KEPT, original.takeUntil(end), edited.takeUntil(edited.word + words));
            }
        }

        void replaceUntil(int end, int otherEnd) {
            String removed = original.takeUntil(end);
            String added = edited.takeUntil(otherEnd);
            if (removed.isEmpty() && added.isEmpty()) {
                return;
            }
            add(
                    removed.isEmpty()
                            ? Change.Kind.ADDED
                            : added.isEmpty() ? Change.Kind.REMOVED : Change.Kind.REPLACED,
                    removed,
                    added);
        }

        private void add(Change.Kind kind, String before, String after) {
            changes.add(new Change(kind, before, after));
        }

        // Only a text without any word has something left: its white space, which counts as kept.
        List<Change> finish() {
            String before = original.rest();
            String after = edited.rest();
            if (!before.isEmpty() || !after.isEmpty()) {
                changes.add(0, new Change(Change.Kind.KEPT, before, after));
            }
            return List.copyOf(changes);
        }
    }
}

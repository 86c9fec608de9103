package dev.plinth.tracing.sdk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Goes over trees without recursion: how deep calls nest is up to the application. */
final class TreeWalk {

    /** Sees each node when it is entered, before its children, and when it is left, after them. */
    interface Visitor {
        /**
         * A node begins.
         *
         * @param depth 0 for a root
         * @param last whether no other child of its parent follows
         */
        void enter(TraceNode node, int depth, boolean last);

        default void leave(TraceNode node) {}
    }

    private TreeWalk() {}

    private record Level(Iterator<TraceNode> left, TraceNode parent) {}

    static void over(List<TraceNode> roots, Visitor visitor) {
        for (TraceNode root : roots) {
            visitor.enter(root, 0, true);
            Deque<Level> levels = new ArrayDeque<>();
            levels.push(new Level(root.children().iterator(), root));
            while (!levels.isEmpty()) {
                Level level = levels.element();
                if (level.left.hasNext()) {
                    TraceNode node = level.left.next();
                    visitor.enter(node, levels.size(), !level.left.hasNext());
                    levels.push(new Level(node.children().iterator(), node));
                } else {
                    visitor.leave(levels.pop().parent);
                }
            }
        }
    }
}

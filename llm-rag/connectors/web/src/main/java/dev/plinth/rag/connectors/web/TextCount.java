package dev.plinth.rag.connectors.web;

import java.util.IdentityHashMap;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** How many characters and links the elements of a tree hold, counted in one walk. */
final class TextCount implements NodeVisitor {
    private static final int[] NOTHING = new int[3];

    private final IdentityHashMap<Node, int[]> counts = new IdentityHashMap<>();
    private int insideLinks;

    private TextCount() {}

    static TextCount of(Element root) {
        TextCount count = new TextCount();
        root.traverse(count);
        return count;
    }

    /** Characters that are no white space: all, or those of links. */
    int of(Element element, boolean linked) {
        return counts.getOrDefault(element, NOTHING)[linked ? 1 : 0];
    }

    int links(Element element) {
        return counts.getOrDefault(element, NOTHING)[2];
    }

    private static boolean isLink(Node node) {
        return node.nameIs("a") && node.hasAttr("href");
    }

    @Override
    public void head(Node node, int depth) {
        int[] count = new int[3];
        if (node instanceof TextNode text) {
            count[0] = (int) text.getWholeText()
                    .chars()
                    .filter(c -> !Character.isWhitespace(c))
                    .count();
            count[1] = insideLinks > 0 ? count[0] : 0;
        } else if (isLink(node)) {
            count[2] = 1;
            insideLinks++;
        }
        counts.put(node, count);
    }

    @Override
    public void tail(Node node, int depth) {
        if (isLink(node)) {
            insideLinks--;
        }
        int[] own = counts.getOrDefault(node, NOTHING);
        int[] parent = depth == 0 ? null : counts.get(node.parentNode());
        for (int i = 0; parent != null && i < own.length; i++) {
            parent[i] += own[i];
        }
    }
}

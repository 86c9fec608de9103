package dev.plinth.rag.split;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a document into large parents and each of these into small children: the children are found, since a small text
 * is embedded sharply, and their {@link Chunk#parent} is read, since a large one says more; see
 * {@link dev.plinth.rag.retrieve.ParentRetriever}. The chunks are the children. None crosses the border of its parent.
 *
 * <p>Parents that overlap repeat the children in the overlap: give them none.
 *
 * <p>Immutable, and as thread-safe as its parts.
 */
public final class ParentChildSplitter implements Splitter {
    private final Splitter parents;
    private final Splitter children;

    private ParentChildSplitter(Splitter parents, Splitter children) {
        this.parents = parents;
        this.children = children;
    }

    /** Along the structure, parents of at most 2,000 characters, children of at most 400. */
    public static ParentChildSplitter create() {
        return of(
                StructureSplitter.create().maxSize(2000),
                StructureSplitter.create().maxSize(400));
    }

    /**
     * With these parts.
     *
     * @param parents cuts the document
     * @param children cuts each parent, as a document of its own under the same id
     */
    public static ParentChildSplitter of(Splitter parents, Splitter children) {
        return new ParentChildSplitter(Check.notNull(parents, "parents"), Check.notNull(children, "children"));
    }

    @Override
    public String fingerprint() {
        return "parent-child-1(" + parents.fingerprint() + ", " + children.fingerprint() + ")";
    }

    @Override
    public List<Chunk> split(Document document) {
        Pieces pieces = new Pieces(document);
        for (Chunk parent : parents.split(document)) {
            Chunk.Parent held = new Chunk.Parent(parent.text(), parent.span());
            int offset = parent.span().start();
            for (Chunk child : children.split(alone(document, parent))) {
                pieces.add(
                        offset + child.span().start(),
                        offset + child.span().end(),
                        below(parent.headings(), child.headings()),
                        held);
            }
        }
        return pieces.chunks();
    }

    private static Document alone(Document document, Chunk parent) {
        return new Document(
                document.id(), "", parent.text(), document.source(), document.readers(), document.metadata());
    }

    /** A parent that begins with its own heading gives it to its children once more: it is left out. */
    private static List<String> below(List<String> outer, List<String> inner) {
        int shared = Math.min(outer.size(), inner.size());
        while (!outer.subList(outer.size() - shared, outer.size()).equals(inner.subList(0, shared))) {
            shared--;
        }
        List<String> headings = new ArrayList<>(outer);
        headings.addAll(inner.subList(shared, inner.size()));
        return headings;
    }
}

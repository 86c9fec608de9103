package dev.plinth.rag.connect;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A few documents of a source, with what is personal in them masked, to try things out with real data.
 *
 * <p>It is a source of its own, named {@code sandbox:} and the name of the real one, so that its documents never mix with
 * the real ones. It offers the first documents that the source lists, and always the whole list of them, as
 * far as the source can list them. The mask is
 * applied to title, text and every text of the metadata; ids, sources and the names of readers stay. A document whose
 * mask fails is withheld: a {@link StoreException} of {@link #fetch}. Page numbers are lost where the mask changes the
 * length of the text. Documents that an earlier mask has let through are only masked anew when they change: another mask
 * needs an index of its own.
 *
 * <p>As safe for threads as the source and the mask are.
 */
public final class SandboxConnector implements Connector {
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,9}):(.*)", Pattern.DOTALL);

    private final Connector source;
    private final int maxDocuments;
    private final UnaryOperator<String> mask;

    private SandboxConnector(Connector source, int maxDocuments, UnaryOperator<String> mask) {
        this.source = source;
        this.maxDocuments = maxDocuments;
        this.mask = mask;
    }

    /**
     * A sandbox of this source, which it closes with itself.
     *
     * @param maxDocuments how many documents it offers at most
     * @param mask gives a text back without what nobody may see
     */
    public static SandboxConnector of(Connector source, int maxDocuments, UnaryOperator<String> mask) {
        return new SandboxConnector(
                Check.notNull(source, "source"),
                Check.positive(maxDocuments, "maxDocuments"),
                Check.notNull(mask, "mask"));
    }

    @Override
    public String name() {
        return "sandbox:" + source.name();
    }

    @Override
    public String fingerprint() {
        return source.fingerprint();
    }

    /** A cursor is that of the source, behind the number of documents offered so far. */
    @Override
    public Page list(@Nullable String cursor) {
        Matcher place = CURSOR.matcher(cursor == null ? "" : cursor);
        int offered = place.matches() ? Integer.parseInt(place.group(1)) : 0;
        Page page = source.list(place.matches() ? place.group(2) : null);
        int room = Math.max(0, maxDocuments - offered);
        List<Item> items = page.items().subList(0, Math.min(room, page.items().size()));
        boolean more = page.next() != null && items.size() < room;
        return new Page(
                items,
                List.of(),
                page.skipped(),
                more ? (offered + items.size()) + ":" + page.next() : null,
                null,
                page.complete() || items.size() == room,
                Math.min(page.total(), maxDocuments));
    }

    @Override
    public Document fetch(Item item) {
        Document document = source.fetch(item);
        String text = masked(item.id(), document.text());
        return new Document(
                document.id(),
                masked(item.id(), document.title()),
                text,
                document.source(),
                document.readers(),
                masked(item.id(), document.metadata()),
                text.length() == document.text().length() ? document.pages() : List.of());
    }

    private Metadata masked(String id, Metadata metadata) {
        Metadata masked = metadata;
        for (Map.Entry<String, Value> entry : metadata.values().entrySet()) {
            if (entry.getValue() instanceof Value.Text text) {
                masked = masked.with(entry.getKey(), masked(id, text.text()));
            } else if (entry.getValue() instanceof Value.Texts texts) {
                Set<String> all = new TreeSet<>();
                texts.texts().forEach(text -> all.add(masked(id, text)));
                masked = masked.with(entry.getKey(), Value.of(all));
            }
        }
        return masked;
    }

    /** No cause: the message of a mask's failure may repeat what it was to hide. */
    private String masked(String id, String text) {
        String masked;
        try {
            masked = mask.apply(text);
        } catch (RuntimeException failure) {
            throw withheld(id, "failed with " + failure.getClass().getSimpleName());
        }
        if (masked == null) {
            throw withheld(id, "returned null");
        }
        return masked;
    }

    private static StoreException withheld(String id, String what) {
        return new StoreException(
                "document: " + id + " is withheld, its mask " + what + " (expected: the masked text)");
    }

    @Override
    public void close() {
        source.close();
    }

    @Override
    public String toString() {
        return "SandboxConnector[" + name() + ", " + maxDocuments + " documents]";
    }
}

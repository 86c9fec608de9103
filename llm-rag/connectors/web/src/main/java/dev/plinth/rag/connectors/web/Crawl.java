package dev.plinth.rag.connectors.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * How far a crawl has come: every page that is known, and which of them are still to be visited. As a text it is the cursor
 * of a list, and all that the connector knows of the site. Not thread-safe.
 */
final class Crawl {
    private static final int DEAD = -1;

    private final Kind kind;
    private final Map<String, Visited> pages = new LinkedHashMap<>();
    private final Set<String> toDo = new LinkedHashSet<>();
    private final Map<String, Integer> queries = new HashMap<>();
    private boolean incomplete;

    private enum Kind {
        ALL,
        SINCE,
        CHANGES
    }

    /**
     * What is known of a page.
     *
     * @param depth how many links it is away from a page to start with; negative: it is gone
     * @param version of the document that it is; empty: it is none
     * @param etag as the server told it when it was visited last; empty: it did not
     * @param modified likewise
     * @param listed when it was changed, as the sitemap said then; empty: it did not, or it may change again at that time
     */
    record Visited(int depth, String version, String etag, String modified, String listed) {
        static Visited never(int depth) {
            return new Visited(depth, "", "", "", "");
        }

        boolean isDocument() {
            return !version.isEmpty();
        }

        static Visited dead() {
            return new Visited(DEAD, "", "", "", "");
        }

        Visited withListed(String time) {
            return new Visited(depth, version, etag, modified, time);
        }

        /** Of this version, but to be asked for again whatever the server says of its age. */
        Visited unsure() {
            return new Visited(depth, version, "", "", "");
        }
    }

    private Crawl(Kind kind) {
        this.kind = kind;
    }

    static Crawl ofEverything() {
        return new Crawl(Kind.ALL);
    }

    /** Null for what is no place of a crawl. */
    static @Nullable Crawl parse(@Nullable String cursor) {
        if (cursor == null || !cursor.matches("web[ACS]:[A-Za-z0-9_=-]+")) {
            return null;
        }
        Crawl crawl =
                new Crawl(cursor.charAt(3) == 'A' ? Kind.ALL : cursor.charAt(3) == 'S' ? Kind.SINCE : Kind.CHANGES);
        try (InflaterInputStream in = new InflaterInputStream(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(cursor.substring(5))))) {
            crawl.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return crawl;
        } catch (IOException | IllegalArgumentException notOurs) {
            return null;
        }
    }

    private void read(String text) {
        incomplete = text.startsWith("!");
        for (String line : text.split("\n")) {
            String[] f = line.split("\t", -1);
            if (f.length == 7) {
                Visited page = new Visited(Integer.parseInt(f[2]), f[3], f[4], f[5], f[6]);
                add(f[1], page, f[0].equals("+") || kind == Kind.SINCE);
            }
        }
    }

    /** Whether this lists what has changed, and not everything. */
    boolean isOfChanges() {
        return kind != Kind.ALL;
    }

    /** Whether pages of the list went before. */
    boolean isBegun() {
        return kind == Kind.CHANGES || kind == Kind.ALL && !pages.isEmpty();
    }

    int size() {
        return pages.size();
    }

    boolean hasDocuments() {
        return pages.values().stream().anyMatch(Visited::isDocument);
    }

    /** Something could not be read: who knows what it would have led to. */
    void miss() {
        incomplete = true;
    }

    boolean isComplete() {
        return !incomplete;
    }

    @Nullable
    Visited page(String url) {
        return pages.get(url);
    }

    void put(String url, Visited page) {
        pages.put(url, page);
    }

    /** The next page to visit; null: all are. */
    @Nullable
    String next() {
        Iterator<String> open = toDo.iterator();
        if (!open.hasNext()) {
            return null;
        }
        String url = open.next();
        open.remove();
        return url;
    }

    /** Whether a page is still to be visited. */
    boolean isOpen(String url) {
        return toDo.contains(url);
    }

    boolean isDone() {
        return toDo.isEmpty();
    }

    /** Spares the visit of a page. */
    void spare(String url) {
        toDo.remove(url);
    }

    /** Has a page visited, unless it is known already. */
    void discover(String url, int depth) {
        if (!pages.containsKey(url)) {
            add(url, Visited.never(depth), true);
        }
    }

    /** How many pages with queries are known that differ from this one in nothing else; 0 for a page without. */
    int alike(String url) {
        int query = url.indexOf('?');
        return query < 0 ? 0 : queries.getOrDefault(url.substring(0, query), 0);
    }

    private void add(String url, Visited page, boolean visit) {
        int query = url.indexOf('?');
        if (query >= 0) {
            queries.merge(url.substring(0, query), 1, Integer::sum);
        }
        pages.put(url, page);
        if (visit) {
            toDo.add(url);
        }
    }

    /** Where the list goes on. */
    String place() {
        return text(isOfChanges() ? 'C' : 'A');
    }

    /** Where a list of changes starts. */
    String since() {
        pages.values().removeIf(page -> page.depth() == DEAD);
        incomplete = false;
        return text('S');
    }

    private String text(char kind) {
        StringBuilder all = new StringBuilder(incomplete ? "!\n" : "");
        pages.forEach((url, page) -> all.append(toDo.contains(url) ? '+' : '.')
                .append('\t')
                .append(url)
                .append('\t')
                .append(page.depth())
                .append('\t')
                .append(String.join("\t", page.version(), page.etag(), page.modified(), page.listed()))
                .append('\n'));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(all.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return "web" + kind + ":" + Base64.getUrlEncoder().encodeToString(bytes.toByteArray());
    }
}

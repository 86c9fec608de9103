package dev.plinth.rag.connectors.web;

import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Connector.Page;
import dev.plinth.api.retrieval.Connector.Skipped;
import dev.plinth.rag.connect.HttpReader.Answer;
import dev.plinth.rag.connectors.web.Crawl.Visited;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One page of a list: visits pages of the site until enough of them are documents. */
final class Visits {
    private static final int VISITS_PER_ITEM = 4;
    private static final Duration A_DAY_ANYWHERE = Duration.ofDays(2);

    private final Site site;
    private final Scope scope;
    private final PageReader reader;
    private final Crawl crawl;
    private final Bounds bounds;
    private final Instant now;
    private final List<Item> items = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Set<String> endless = new HashSet<>();

    Visits(Site site, Scope scope, PageReader reader, Crawl crawl, Bounds bounds, Instant now) {
        this.site = site;
        this.scope = scope;
        this.reader = reader;
        this.crawl = crawl;
        this.bounds = bounds;
        this.now = now;
    }

    /** Where a list starts. */
    void begin(Sitemaps sitemaps) {
        scope.starts().forEach(start -> crawl.discover(start, 0));
        skipped.addAll(sitemaps.skipped());
        if (!sitemaps.isComplete()) {
            crawl.miss();
        }
        for (Map.Entry<String, String> listed : sitemaps.pages().entrySet()) {
            begin(listed.getKey(), listed.getValue());
        }
    }

    private void begin(String url, String time) {
        Visited known = crawl.page(url);
        if (known != null && known.isDocument() && !time.isEmpty() && time.equals(known.listed())) {
            crawl.spare(url);
        }
        add(url, 0);
        Visited added = crawl.page(url);
        if (added != null) {
            crawl.put(url, added.withListed(isSettled(time) ? time : ""));
        }
    }

    /** Whether what changes from now on will get another time: a day without a time may be any moment of it, anywhere. */
    private boolean isSettled(String time) {
        return !time.isEmpty()
                && Instant.ofEpochMilli(Long.parseLong(time))
                        .plus(A_DAY_ANYWHERE)
                        .isBefore(now);
    }

    private void discover(String url, int distance) {
        if (scope.includes(url) && crawl.page(url) == null && crawl.alike(url) >= bounds.queries()) {
            endless(url.substring(0, url.indexOf('?') + 1));
        } else {
            add(url, distance);
        }
    }

    /** A calendar, or a catalogue: is named once, by an address that is no page's. */
    private void endless(String path) {
        if (endless.add(path)) {
            skipped.add(new Skipped(
                    path,
                    "page: " + path + " has more than " + bounds.queries()
                            + " addresses by its queries (expected: at most that, or a sitemap that lists them)"));
        }
        crawl.miss();
    }

    private void add(String url, int distance) {
        if (!scope.includes(url) || crawl.page(url) != null) {
            return;
        }
        if (crawl.size() < bounds.pages()) {
            crawl.discover(url, distance);
        } else {
            crawl.miss(); // and so nothing is taken for gone that only was one too many
        }
    }

    Page run(int pageSize) {
        for (int i = 0; i < pageSize * VISITS_PER_ITEM && items.size() < pageSize; i++) {
            String url = crawl.next();
            if (url == null) {
                break;
            }
            visit(url, true);
        }
        boolean complete = !crawl.isOfChanges() && crawl.isComplete();
        boolean done = crawl.isDone();
        return new Page(
                items, removed, skipped, done ? null : crawl.place(), done ? crawl.since() : null, complete, -1);
    }

    /** @param first whether no other page waits for it */
    private void visit(String url, boolean first) {
        Visited page = crawl.page(url);
        Visited known = page == null ? Visited.never(0) : page;
        try {
            if (!scope.includes(url) || !site.allows(url)) {
                gone(url, known, missing(known));
                return;
            }
            answered(url, known, site.get(url, known), first);
        } catch (StoreException | RateLimitedException failure) {
            failed(url, known, failure);
        }
    }

    private void answered(String url, Visited known, Answer answer, boolean first) {
        if (answer.status() == 304) {
            return;
        }
        if (answer.status() == 404 || answer.status() == 410) {
            gone(url, known, missing(known));
            return;
        }
        if (answer.status() >= 300 && answer.status() < 400) {
            moved(url, known, answer);
            return;
        }
        if (answer.status() == 401 || answer.status() == 403) {
            denied(url, known, answer);
            return;
        }
        if (!answer.isOk()) {
            throw noPage(url, answer);
        }
        if (!reader.accepts(url, answer)) {
            passOver(url, known, PageReader.noKind(url, answer));
            return;
        }
        PageReader.Read read = reader.read(url, answer);
        if (known.depth() < bounds.depth()) {
            read.links().forEach(link -> discover(link, known.depth() + 1));
        }
        boolean other = isKnownUnderAnotherName(url, known, read.canonical(), first);
        Visited now = new Visited(
                known.depth(),
                other ? "" : read.version(),
                header(answer, "etag"),
                header(answer, "last-modified"),
                known.listed());
        if (other) {
            noDocument(url, known, now);
            return;
        }
        if (!now.isDocument()) {
            gone(url, known, now);
            return;
        }
        crawl.put(url, now);
        if (!crawl.isOfChanges() || !now.version().equals(known.version())) {
            items.add(new Item(url, now.version()));
        }
    }

    private static StoreException noPage(String url, Answer answer) {
        return new StoreException("page: " + url + " answers " + answer.status() + " (expected: 200)");
    }

    /** Whoever could read it before may not any more; a list of everything does not know whether it was a document. */
    private void denied(String url, Visited known, Answer answer) {
        if (scope.starts().contains(url)) {
            throw noPage(url, answer);
        }
        crawl.put(url, Visited.never(known.depth()));
        removed.add(url);
    }

    private void moved(String url, Visited known, Answer answer) {
        if (known.isDocument() && answer.status() != 301 && answer.status() != 308) {
            throw new StoreException("page: " + url + " answers " + answer.status()
                    + " (expected: 200, or 301 or 308 if it has moved for good)");
        }
        String target = Site.redirect(url, answer).orElse("");
        boolean inside = !target.isEmpty() && scope.includes(target);
        if (!inside && scope.starts().contains(url)) {
            throw new StoreException(
                    "page: " + url + " leads to " + (target.isEmpty() ? "nowhere" : PageUrl.site(target))
                            + " (expected: a host that belongs to the source)");
        }
        if (inside) {
            discover(target, known.depth());
        }
        noDocument(url, known, Visited.never(known.depth()));
    }

    private static String header(Answer answer, String name) {
        return answer.header(name).orElse("").replaceAll("[\\t\\r\\n]", " ");
    }

    /** The other page is visited first, as pages name addresses that lead nowhere, or back to them. */
    private boolean isKnownUnderAnotherName(String url, Visited known, String canonical, boolean first) {
        if (canonical.equals(url) || !scope.includes(canonical)) {
            return false;
        }
        discover(canonical, known.depth());
        if (first && crawl.isOpen(canonical)) {
            crawl.spare(canonical);
            visit(canonical, false);
        }
        Visited other = crawl.page(canonical);
        return other != null && other.isDocument();
    }

    /** A site that is rebuilt or closed to robots by mistake begins with a start: then nothing is taken for gone. */
    private void gone(String url, Visited known, Visited now) {
        if (known.isDocument() && scope.starts().contains(url)) {
            throw new StoreException(
                    "page: " + url + " is gone, or asks not to be found (expected: a start that can be read)");
        }
        noDocument(url, known, now);
    }

    /** What was a document is asked for once more: pages that lead to it are not sent again as long as they stay. */
    private static Visited missing(Visited known) {
        return known.isDocument() ? Visited.never(known.depth()) : Visited.dead();
    }

    private void noDocument(String url, Visited known, Visited now) {
        crawl.put(url, now);
        if (known.isDocument()) {
            removed.add(url);
        }
    }

    /** Who knows what it would have led to. */
    private void failed(String url, Visited known, LlmException failure) {
        passOver(url, known, failure);
        crawl.miss();
    }

    /** Is named, so that it is not taken for gone. */
    private void passOver(String url, Visited known, LlmException why) {
        if (scope.starts().contains(url)) {
            throw why;
        }
        skipped.add(new Skipped(url, String.valueOf(why.getMessage())));
        crawl.put(url, known.unsure());
    }
}

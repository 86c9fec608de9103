package dev.plinth.rag.connectors.web;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.connect.HttpReader;
import dev.plinth.rag.connect.HttpReader.Answer;
import dev.plinth.rag.connect.Interruption;
import dev.plinth.rag.connect.Pace;
import dev.plinth.rag.parse.DocumentParser;
import dev.plinth.rag.parse.Parsed;
import dev.plinth.rag.text.Sha256;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a web site, found by its sitemaps and by following links.
 *
 * <pre>{@code
 * WebConnector handbook = WebConnector.of(URI.create("https://example.com/handbook/"))
 *         .paths(path -> path.startsWith("/handbook/"))
 *         .userAgent("example-search (+https://example.com/bot)")
 *         .build();
 * }</pre>
 *
 * <p>Obeys {@code robots.txt} with its delays, {@code noindex}, {@code nofollow} and canonical addresses; asks one host
 * one thing at a time. Never leaves the hosts it is given, and is not led to private addresses by public hosts. Sessions
 * and campaigns are dropped from addresses; paths that go round in circles are not followed, and queries without end only as
 * far as {@link Builder#maxQueries} says.
 *
 * <p>A document's id is the address of its page, its text the content of the page as Markdown, its version a hash of
 * both title and text. Metadata are {@code lang}, {@link Document#MODIFIED} where page or server says it,
 * {@link Document#MEDIA_TYPE}, and what a parser of other files tells. Everyone may read the documents, as they
 * are asked for without credentials, unless {@link Builder#readers} says otherwise.
 *
 * <p>A list of changes asks for each known page with what the server said of it last ({@code ETag}, {@code
 * Last-Modified}), so that pages that have not changed are not sent; it does not ask at all for those whose time in the
 * sitemap is the same and was days ago when they were read. Gone is what the server says is gone (404, 410; asked for
 * once more in the next list), may not be read any more (401, 403) or has moved for good (301, 308), or asks not to be
 * found; a page to start with that may not be read, or was a document and is gone otherwise than moved, is an error.
 * What fails otherwise is named as skipped and kept; a list with such a page names itself incomplete, except for files
 * of no kind that is read. A run over everything asks for every page, whatever the sitemap says. A page that nothing
 * leads to any more, but that is still there, is forgotten by a run over everything. A cursor holds all that is known
 * of the site, some 30 to 100 bytes a page.
 *
 * <p>Thread-safe.
 */
public final class WebConnector implements Connector {
    private final String name;
    private final Site site;
    private final Scope scope;
    private final PageReader reader;
    private final List<String> sitemaps;
    private final boolean findSitemaps;
    private final Bounds bounds;
    private final int pageSize;
    private final Readers readers;
    private final TimeSource time;

    private WebConnector(Builder builder, Scope scope) {
        this.name = builder.name == null ? builder.starts.iterator().next() : builder.name;
        this.scope = scope;
        HttpReader http = new HttpReader(
                name,
                builder.starts.stream()
                        .map(start -> URI.create(start).getHost())
                        .toList(),
                builder.limits,
                builder.time);
        Pace pace = new Pace(name, builder.time);
        this.site = new Site(http, pace, builder.time, builder.userAgent, builder.delay, scope.sites()::contains);
        this.reader = new PageReader(builder.html, builder.parser, site.agent());
        this.sitemaps = List.copyOf(builder.sitemaps);
        this.findSitemaps = builder.findSitemaps;
        this.bounds = new Bounds(builder.depth, builder.maxPages, builder.maxQueries);
        this.pageSize = builder.pageSize;
        this.readers = builder.readers;
        this.time = builder.time;
    }

    /** The pages that these lead to; the first is the name of the source. */
    public static Builder of(URI... starts) {
        return new Builder(starts);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return Sha256.of(List.of(readers.text(), reader.fingerprint()));
    }

    @Override
    public Page list(@Nullable String cursor) {
        Interruption.check(name);
        Crawl known = Crawl.parse(cursor);
        Crawl crawl = known == null ? Crawl.ofEverything() : known;
        Visits visits = new Visits(site, scope, reader, crawl, bounds, time.now());
        if (!crawl.isBegun()) {
            site.forgetRules();
            visits.begin(new Sitemaps(site, bounds.pages()).read(sitemaps()));
        }
        Page page = visits.run(pageSize);
        if (page.next() == null && !crawl.isOfChanges() && !crawl.hasDocuments()) {
            throw new StoreException(
                    "site: " + name + " has no page to read (expected: at least one that may be found)");
        }
        return page;
    }

    private Set<String> sitemaps() {
        Set<String> all = new LinkedHashSet<>(sitemaps);
        if (findSitemaps) {
            for (String start : scope.starts()) {
                List<String> named = site.sitemaps(start);
                all.addAll(
                        named.isEmpty()
                                ? List.of(URI.create(start)
                                        .resolve("/sitemap.xml")
                                        .toString())
                                : named);
            }
        }
        return all;
    }

    @Override
    public Document fetch(Item item) {
        Interruption.check(name);
        String url = PageUrl.of(item.id()).filter(scope::includes).orElse("");
        if (url.isEmpty() || !site.allows(url)) {
            throw new StoreException(
                    "page: " + item.id() + " is none of " + name + " (expected: one that may be read)");
        }
        Answer answer = site.get(url, null);
        if (!answer.isOk()) {
            throw new StoreException(
                    "page: " + url + " answers " + answer.status() + " (expected: 200)", answer.details(), null);
        }
        Parsed parsed = reader.read(url, answer).parsed();
        if (parsed == null) {
            throw new StoreException("page: " + url + " asks not to be found (expected: one that does not)");
        }
        Metadata facts = parsed.metadata();
        if (facts.get(Document.MODIFIED).isEmpty()) {
            facts = modified(facts, answer.header("last-modified").orElse(""));
        }
        return new Document(item.id(), parsed.title(), parsed.text(), url, readers, facts, parsed.pages());
    }

    private static Metadata modified(Metadata facts, String time) {
        try {
            ZonedDateTime modified = ZonedDateTime.parse(time, DateTimeFormatter.RFC_1123_DATE_TIME);
            return facts.with(Document.MODIFIED, Value.of(modified.toInstant().toEpochMilli()));
        } catch (DateTimeException unsaid) {
            return facts;
        }
    }

    @Override
    public void close() {
        site.close();
    }

    @Override
    public String toString() {
        return "WebConnector[" + name + "]";
    }

    /** Which pages are read, and how. Not thread-safe. */
    public static final class Builder {
        private final Set<String> starts = new LinkedHashSet<>();
        private final Set<String> hosts = new LinkedHashSet<>();
        private final List<String> sitemaps = new ArrayList<>();
        private @Nullable String name;
        private Predicate<? super String> paths = path -> true;
        private boolean findSitemaps = true;
        private int depth = 3;
        private HtmlParser html = HtmlParser.ofPages();
        private DocumentParser parser = DocumentParser.text();
        private String userAgent = "plinth";
        private Duration delay = Duration.ofSeconds(1);
        private HttpReader.Limits limits = HttpReader.Limits.DEFAULT;
        private int maxPages = 10_000;
        private int maxQueries = 100;
        private int pageSize = 100;
        private Readers readers = Readers.EVERYONE;
        private TimeSource time = TimeSource.system();

        private Builder(URI... starts) {
            for (URI start : starts) {
                this.starts.add(url(start, "starts"));
            }
            Check.notEmpty(this.starts, "starts");
        }

        private static String url(URI uri, String argument) {
            return PageUrl.of(uri.toString())
                    .orElseThrow(() -> new IllegalArgumentException(
                            argument + ": " + uri + " (expected: http or https, a host, and no user in it)"));
        }

        /** The name of the source; the first address unless set. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /** More hosts whose pages belong to the source, with a port where it is not the usual one. */
        public Builder hosts(String... hosts) {
            for (String host : hosts) {
                this.hosts.add(Check.notBlank(host, "hosts").toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /** Which pages, by their encoded paths; all unless set. Pages to start with always belong to the source. */
        public Builder paths(Predicate<? super String> paths) {
            this.paths = Check.notNull(paths, "paths");
            return this;
        }

        /** How many links are followed one after the other; 3 unless set, 0: only pages to start with and of sitemaps. */
        public Builder depth(int links) {
            Check.that(links >= 0, "depth", links, ">= 0");
            this.depth = links;
            return this;
        }

        /** Whether the sitemaps are read that robots.txt names, or else {@code /sitemap.xml}; they are unless set. */
        public Builder findSitemaps(boolean find) {
            this.findSitemaps = find;
            return this;
        }

        /** Sitemaps, or indexes of them, that are read in any case. */
        public Builder sitemaps(URI... sitemaps) {
            for (URI sitemap : sitemaps) {
                this.sitemaps.add(url(sitemap, "sitemaps"));
            }
            return this;
        }

        /** What reads HTML; {@link HtmlParser#ofPages} unless set. */
        public Builder html(HtmlParser parser) {
            this.html = Check.notNull(parser, "html");
            return this;
        }

        /** What reads other files than HTML; text and Markdown unless set. */
        public Builder parser(DocumentParser parser) {
            this.parser = Check.notNull(parser, "parser");
            return this;
        }

        /**
         * How the connector introduces itself; {@code plinth} unless set. The first word, up to a space or {@code /}, is
         * what robots.txt and pages call it.
         */
        public Builder userAgent(String userAgent) {
            Check.that(userAgent.matches("[A-Za-z_-]+([ /][ -~]*)?"), "userAgent", userAgent, "letters, - and _ first");
            this.userAgent = userAgent;
            return this;
        }

        /** The least time between two requests to a host; 1 second unless set. robots.txt may ask for more. */
        public Builder delay(Duration delay) {
            Check.that(!delay.isNegative(), "delay", delay, ">= 0");
            this.delay = delay;
            return this;
        }

        /** How long a server may take for an answer; 30 seconds unless set. */
        public Builder timeout(Duration timeout) {
            this.limits = limits.withTimeout(timeout);
            return this;
        }

        /** How long servers that ask to wait are waited for at one request; 5 minutes unless set. */
        public Builder patience(Duration patience) {
            this.limits = limits.withPatience(patience);
            return this;
        }

        /** The most bytes of a page or a sitemap; 16 MiB unless set. */
        public Builder maxBytes(long bytes) {
            this.limits = limits.withMaxBytes(bytes);
            return this;
        }

        /** The most pages that are looked at; 10,000 unless set. A list that knows of more names itself incomplete. */
        public Builder maxPages(int pages) {
            this.maxPages = Check.positive(pages, "maxPages");
            return this;
        }

        /**
         * The most addresses that are followed to which differ in nothing but their queries, such as the days of a
         * calendar; 100 unless set. What a sitemap lists is always read. A list that knows of more names itself incomplete.
         */
        public Builder maxQueries(int addresses) {
            this.maxQueries = Check.positive(addresses, "maxQueries");
            return this;
        }

        /** How many documents are listed at once; 100 unless set. */
        public Builder pageSize(int documents) {
            this.pageSize = Check.positive(documents, "pageSize");
            return this;
        }

        /** Who may read the documents; everyone unless set. */
        public Builder readers(Readers readers) {
            this.readers = Check.notNull(readers, "readers");
            return this;
        }

        /** The clock that delays pass on. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The connector. Nothing is asked before the first list. */
        public WebConnector build() {
            Set<String> sites = new LinkedHashSet<>(hosts);
            starts.forEach(start -> sites.add(PageUrl.site(start)));
            return new WebConnector(this, new Scope(sites, paths, starts));
        }
    }
}

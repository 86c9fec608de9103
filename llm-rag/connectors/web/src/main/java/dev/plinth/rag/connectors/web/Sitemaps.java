package dev.plinth.rag.connectors.web;

import crawlercommons.sitemaps.AbstractSiteMap;
import crawlercommons.sitemaps.SiteMap;
import crawlercommons.sitemaps.SiteMapIndex;
import crawlercommons.sitemaps.SiteMapParser;
import crawlercommons.sitemaps.SiteMapURL;
import crawlercommons.sitemaps.UnknownFormatException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Skipped;
import dev.plinth.rag.connect.HttpReader.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Reads sitemaps (sitemaps.org, version 0.9), their indexes, feeds and lists, compressed or not. */
final class Sitemaps {
    private static final int MOST_FILES = 500;
    private static final int MOST_BYTES = SiteMapParser.MAX_BYTES_ALLOWED;

    private final Site site;
    private final int mostPages;
    private final Map<String, String> pages = new LinkedHashMap<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private boolean complete = true;

    Sitemaps(Site site, int mostPages) {
        this.site = site;
        this.mostPages = mostPages;
    }

    /** The pages, with the time of their last change in milliseconds, or nothing. */
    Map<String, String> pages() {
        return pages;
    }

    /** Whether all of them could be read. */
    boolean isComplete() {
        return complete;
    }

    /** Sitemaps that could not be read, or only in part, and those elsewhere. */
    List<Skipped> skipped() {
        return skipped;
    }

    Sitemaps read(Collection<String> urls) {
        Deque<String> open = new ArrayDeque<>(urls);
        Set<String> read = new HashSet<>();
        while (!open.isEmpty() && read.size() < MOST_FILES && pages.size() < mostPages) {
            String named = open.remove();
            String url = PageUrl.of(named).orElse("");
            if (url.isEmpty() || !site.isPart(url)) {
                skipped.add(new Skipped(
                        named, "sitemap: " + named + " is elsewhere (expected: on a host that belongs to the source)"));
            } else if (read.add(url)) {
                try {
                    read(url, open);
                } catch (StoreException | UnknownFormatException | IOException unreadable) {
                    miss(url, "cannot be read, " + unreadable.getMessage());
                }
            }
        }
        complete &= open.isEmpty();
        return this;
    }

    private void read(String url, Deque<String> open) throws UnknownFormatException, IOException {
        Answer answer = site.follow(url);
        if (answer.status() == 404 || answer.status() == 410) {
            return;
        }
        if (!answer.isOk()) {
            miss(url, "answers " + answer.status());
            return;
        }
        AbstractSiteMap sitemap = parse(plain(answer.body()), url);
        if (sitemap instanceof SiteMapIndex index) {
            index.getSitemaps().forEach(child -> open.add(child.getUrl().toString()));
        } else if (sitemap instanceof SiteMap list) {
            list.getSiteMapUrls().forEach(this::add);
        }
    }

    /** One that breaks off is read as far as it goes. */
    private AbstractSiteMap parse(byte[] content, String url) throws UnknownFormatException, IOException {
        URL at = URI.create(url).toURL();
        try {
            return new SiteMapParser(false, false).parseSiteMap(content, at);
        } catch (UnknownFormatException broken) {
            AbstractSiteMap part = new SiteMapParser(false, true).parseSiteMap(content, at);
            miss(url, "can be read in part only, " + broken.getMessage());
            return part;
        }
    }

    private void miss(String url, String what) {
        complete = false;
        skipped.add(new Skipped(url, "sitemap: " + url + " " + what + " (expected: a sitemap)"));
    }

    private void add(SiteMapURL entry) {
        Date time = entry.getLastModified();
        if (pages.size() >= mostPages) {
            complete = false;
        } else if (entry.getUrl() != null) {
            PageUrl.of(entry.getUrl().toString())
                    .ifPresent(url -> pages.put(
                            url,
                            time == null ? "" : Long.toString(time.toInstant().toEpochMilli())));
        }
    }

    private static byte[] plain(byte[] body) throws IOException {
        if (body.length < 2 || body[0] != (byte) 0x1F || body[1] != (byte) 0x8B) {
            return body;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = in.readNBytes(MOST_BYTES + 1);
            if (plain.length > MOST_BYTES) {
                throw new IOException("more than " + MOST_BYTES + " bytes");
            }
            return plain;
        }
    }
}

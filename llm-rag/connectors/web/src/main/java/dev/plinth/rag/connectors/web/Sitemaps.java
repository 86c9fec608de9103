package dev.plinth.rag.connectors.web;

import crawlercommons.sitemaps.AbstractSiteMap;
import crawlercommons.sitemaps.SiteMap;
import crawlercommons.sitemaps.SiteMapIndex;
import crawlercommons.sitemaps.SiteMapParser;
import crawlercommons.sitemaps.SiteMapURL;
import crawlercommons.sitemaps.UnknownFormatException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.HttpReader.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Date;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

    Sitemaps read(Collection<String> urls) {
        Deque<String> open = new ArrayDeque<>(urls);
        Set<String> read = new HashSet<>();
        while (!open.isEmpty() && read.size() < MOST_FILES && pages.size() < mostPages) {
            String url = PageUrl.of(open.poll()).orElse("");
            if (!url.isEmpty() && site.isPart(url) && read.add(url)) {
                try {
                    read(url, open);
                } catch (StoreException | UnknownFormatException | IOException unreadable) {
                    complete = false;
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
            complete = false;
            return;
        }
        AbstractSiteMap sitemap = new SiteMapParser(false, true)
                .parseSiteMap(plain(answer.body()), URI.create(url).toURL());
        if (sitemap instanceof SiteMapIndex index) {
            index.getSitemaps().forEach(child -> open.add(child.getUrl().toString()));
        } else if (sitemap instanceof SiteMap list) {
            list.getSiteMapUrls().forEach(this::add);
        }
    }

    private void add(SiteMapURL entry) {
        Date time = entry.getLastModified();
        if (pages.size() < mostPages && entry.getUrl() != null) {
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

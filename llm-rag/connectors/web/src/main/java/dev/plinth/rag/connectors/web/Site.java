package dev.plinth.rag.connectors.web;

import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.connect.HttpReader;
import dev.plinth.rag.connect.HttpReader.Answer;
import dev.plinth.rag.connect.Pace;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a source, asked as they ask to be asked: by their {@code robots.txt} (RFC 9309), one request after the
 * other, at a distance. Thread-safe.
 */
final class Site implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final Duration KNOWN_FOR = Duration.ofHours(1);
    private static final Duration DOWN_FOR = Duration.ofMinutes(1);

    private final HttpReader http;
    private final Pace pace;
    private final TimeSource time;
    private final String userAgent;
    private final String agent;
    private final Duration distance;
    private final Predicate<String> allowedSites;
    private final Map<String, Rules> rules = new ConcurrentHashMap<>();

    /** What a server allows, or why nobody knows: a server that is down is not asked again for every page. */
    private record Rules(
            @Nullable SimpleRobotRules rules, @Nullable StoreException failure, long at) {
        SimpleRobotRules get() {
            if (rules == null) {
                throw failure == null ? new IllegalStateException("rules: none (expected: some)") : failure;
            }
            return rules;
        }

        boolean isOld(long now) {
            return now - at >= (rules == null ? DOWN_FOR : KNOWN_FOR).toNanos();
        }
    }

    /** @param allowedSites hosts, with their ports, that may be asked at all */
    Site(
            HttpReader http,
            Pace pace,
            TimeSource time,
            String userAgent,
            Duration distance,
            Predicate<String> allowedSites) {
        this.http = http;
        this.pace = pace;
        this.time = time;
        this.userAgent = userAgent;
        this.agent = userAgent.split("[/ ]", 2)[0].toLowerCase(Locale.ROOT);
        this.distance = distance;
        this.allowedSites = allowedSites;
    }

    /** What robots.txt and meta elements call this connector. */
    String agent() {
        return agent;
    }

    boolean isPart(String url) {
        return allowedSites.test(PageUrl.site(url));
    }

    /** @throws StoreException if the server does not say what is allowed */
    boolean allows(String url) {
        return rules(url).isAllowed(url);
    }

    /** The sitemaps that robots.txt names. */
    List<String> sitemaps(String url) {
        return rules(url).getSitemaps();
    }

    /** Asks all servers anew what they allow. */
    void forgetRules() {
        rules.clear();
    }

    /** Asks for a page, unless it is as it was. */
    Answer get(String url, Crawl.@Nullable Visited known) {
        return get(url, known, delay(url));
    }

    private Answer get(String url, Crawl.@Nullable Visited known, Duration delay) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("User-Agent", userAgent);
        request.header("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5");
        if (known != null && !known.etag().isEmpty()) {
            request.header("If-None-Match", known.etag());
        }
        if (known != null && !known.modified().isEmpty()) {
            request.header("If-Modified-Since", known.modified());
        }
        return pace.alone(PageUrl.site(url), delay, () -> http.send(request.build()));
    }

    /** Asks for something that is no page, wherever the server has put it, as long as that is part of the source. */
    Answer follow(String url) {
        return follow(url, delay(url));
    }

    private Answer follow(String url, Duration delay) {
        String at = url;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            if (!isPart(at)) {
                throw new StoreException("site: " + url + " leads to " + PageUrl.site(at)
                        + " (expected: a host that belongs to the source)");
            }
            Answer answer = get(at, null, delay);
            Optional<String> target = redirect(at, answer);
            if (target.isEmpty()) {
                return answer;
            }
            at = target.get();
        }
        throw new StoreException("site: " + url + " redirects too often (expected: at most " + MOST_REDIRECTS + ")");
    }

    /** Where an answer sends the reader; empty: nowhere. */
    static Optional<String> redirect(String url, Answer answer) {
        if (answer.status() < 300 || answer.status() >= 400 || answer.status() == 304) {
            return Optional.empty();
        }
        try {
            return answer.header("location")
                    .flatMap(location -> PageUrl.of(URI.create(url)
                            .resolve(location.strip().replace(" ", "%20"))
                            .toString()));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private Duration delay(String url) {
        long asked = rules(url).getCrawlDelay(); // milliseconds, or less than nothing
        return asked > distance.toMillis() ? Duration.ofMillis(asked) : distance;
    }

    private SimpleRobotRules rules(String url) {
        String site = PageUrl.site(url);
        Rules known = rules.get(site);
        if (known == null || known.isOld(time.nanos())) {
            known = ask(URI.create(url).getScheme() + "://" + site + "/robots.txt");
            rules.put(site, known);
        }
        return known.get();
    }

    private Rules ask(String url) {
        try {
            return new Rules(read(url), null, time.nanos());
        } catch (StoreException failure) {
            return new Rules(null, failure, time.nanos());
        }
    }

    private SimpleRobotRules read(String url) {
        Answer answer = follow(url, distance);
        if (answer.isOk()) {
            return new SimpleRobotRulesParser()
                    .parseContent(
                            url, answer.body(), answer.header("content-type").orElse("text/plain"), List.of(agent));
        }
        if (answer.status() >= 400 && answer.status() < 500) {
            return new SimpleRobotRules(RobotRulesMode.ALLOW_ALL); // RFC 9309, 2.3.1.3: there are none
        }
        throw new StoreException("site: " + url + " answers " + answer.status()
                + " (expected: what may be read, or that there are no rules)");
    }

    @Override
    public void close() {
        http.close();
    }
}

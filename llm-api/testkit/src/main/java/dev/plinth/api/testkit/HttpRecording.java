package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Real HTTP, recorded once and replayed offline from then on: a server on the loopback interface that stands in for a
 * provider's. Any client can be pointed at it, of Plinth or of a vendor.
 *
 * <pre>{@code
 * Path file = Path.of("src/test/recordings/answer.json");
 * try (HttpRecording recording = HttpRecording.open(file, URI.create("https://api.openai.com/v1"))) {
 *     String key = System.getenv().getOrDefault("OPENAI_API_KEY", "none");
 *     OpenAi openAi = OpenAi.builder().baseUrl(recording.url().toString()).apiKey(key).build();
 *     ...
 * }
 * }</pre>
 *
 * <p><b>Recording.</b> With {@code PLINTH_RECORD=true} in the environment (or the system property
 * {@code plinth.record}) every call goes to the real server and the file is written anew at the end; with
 * {@code missing} only calls go there that are not in the file, and are added to it; with {@code false}, none.
 * {@link Builder#record} and {@link Builder#recordMissing} say the same in code, but the environment goes first, and
 * where it has {@code CI} nothing is recorded unless it asks for that, too. Otherwise nothing is recorded.
 *
 * <p><b>The file</b> is JSON for people to read and commit, see {@code docs/formats/http-recording.schema.json}: of a
 * request the method, path, query and body, no headers; of an answer the status, the headers that tell of its content,
 * its id and limits, and the body in the pieces in which it came, uncompressed, with the wait before each. What broke off
 * is recorded as that, and breaks off again.
 *
 * <p><b>Secrets</b> are replaced by {@code [scrubbed]} before the file is written: what clients sent in headers such as
 * {@code Authorization}, {@code x-api-key} or {@code OpenAI-Organization}, in parameters such as {@code key}, or in
 * JSON fields such as {@code api_key}, wherever it stands, also where the server quotes it; and what
 * {@link Builder#secret} and {@link Builder#scrub} add. Nothing else is, such as a secret that a model spells out over
 * several events: read a recording before you commit it.
 *
 * <p><b>Replay.</b> A request is answered by the recording with the same method, path, query and body. JSON is compared
 * as JSON: order of members, white space and the form of numbers say nothing; {@code [scrubbed]} is any text. Each
 * recording answers once, those of the same request in their order. A request that nothing answers gets a 418, which no
 * client tries again, and {@link #verify} and {@link #close} fail with the nearest recording and each difference.
 *
 * <p><b>Limits.</b> What is signed for the server's name (AWS Signature V4) cannot be recorded, unless the client can be
 * told to sign for another address than the one it calls. An address in a body is passed on as it is: who follows it
 * leaves the recording.
 *
 * <p>Thread-safe. It owns threads until it is closed, see {@link StubServer}. A file belongs to one recording at a time.
 */
public final class HttpRecording implements AutoCloseable {
    private static final int NO_RECORDING = 418; // in use for nothing else (RFC 9110, 15.5.19)

    private final Path file;
    private final URI server;
    private final RecordMode mode;
    private final List<Scrubber.Rule> rules;
    private final boolean recordedTiming;
    private final TimeSource time;
    private final Secrets secrets;
    private final Upstream upstream;
    private final Recordings recordings;
    private final Object lock = new Object();
    private final List<Relay> relays = new ArrayList<>();
    private final Set<String> unmatched = new LinkedHashSet<>();
    private boolean told;
    private boolean closed;
    private final StubServer stub;

    private HttpRecording(Builder builder, RecordMode mode) {
        this.file = builder.file;
        this.server = builder.server;
        this.mode = mode;
        this.rules = List.copyOf(builder.rules);
        this.recordedTiming = builder.recordedTiming;
        this.time = builder.time;
        this.secrets = new Secrets(builder.secrets);
        this.upstream = new Upstream(server, Set.copyOf(builder.keptHeaders), secrets);
        this.recordings = new Recordings(file.toString(), readable(file, mode), builder.ignored, builder.repeatLast);
        this.stub = StubServer.start(time).otherwise(this::answer);
    }

    private static List<Exchange> readable(Path file, RecordMode mode) {
        if (mode == RecordMode.ALL || (mode == RecordMode.MISSING && Files.notExists(file))) {
            return List.of();
        }
        return Exchange.readAll(file);
    }

    /**
     * Opens a recording with the defaults: replayed at once, nothing ignored.
     *
     * @param file of the recording
     * @param server the real one, such as {@code https://api.openai.com/v1}
     * @throws UncheckedIOException if the file cannot be read, or there is none and nothing is to be recorded
     * @throws IllegalArgumentException if something in it is wrong
     */
    public static HttpRecording open(Path file, URI server) {
        return builder(file, server).open();
    }

    /**
     * A builder with the defaults of {@link #open}.
     *
     * @param file of the recording
     * @param server the real one, such as {@code https://api.openai.com/v1}
     */
    public static Builder builder(Path file, URI server) {
        return new Builder(file, server);
    }

    /** What stands in for the server's address: with the same path, on the loopback interface. */
    public URI url() {
        return URI.create("http://" + stub.url("/").getRawAuthority() + server.getRawPath());
    }

    /**
     * Says whether the recording fits what was asked.
     *
     * @throws AssertionError if a request had no recording, or a recording was not used
     */
    public void verify() {
        failIfUnmatched(true);
        recordings.unused().ifPresent(unused -> {
            throw new AssertionError(unused);
        });
    }

    /**
     * Closes the server and writes what was recorded; calls that are not over are cancelled. Closing twice does nothing.
     *
     * @throws AssertionError if a request had no recording and {@link #verify} has not said so
     */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        stub.close();
        save();
        failIfUnmatched(false);
    }

    private void failIfUnmatched(boolean again) {
        synchronized (lock) {
            if (!unmatched.isEmpty() && (again || !told)) {
                told = true;
                throw new AssertionError(String.join("\n", unmatched)
                        + "\nTo record what is missing, run this once with " + RecordMode.VARIABLE + "=missing");
            }
        }
    }

    private StubAnswer answer(StubRequest request) {
        secrets.learn(request);
        return mode == RecordMode.ALL ? relayed(request) : replayed(request);
    }

    private StubAnswer replayed(StubRequest request) {
        Json.Obj asked;
        try {
            asked = RecordedRequest.of(request, new Scrubber(rules));
        } catch (RuntimeException ruleFailed) {
            return refused(
                    "request: " + request.method() + " " + request.path() + " (expected: no " + ruleFailed + ")");
        }
        Optional<RecordedResponse> recorded = recordings.take(asked);
        if (recorded.isPresent()) {
            return recorded.get().toAnswer(recordedTiming);
        }
        return mode == RecordMode.MISSING ? relayed(request) : refused(recordings.whyNone(asked));
    }

    private StubAnswer relayed(StubRequest request) {
        Relay relay = new Relay(upstream, request, time);
        synchronized (lock) {
            relays.add(relay);
        }
        return StubAnswer.live(relay);
    }

    private StubAnswer refused(String why) {
        String message = new Scrubber(List.of(secrets.rule())).scrub(why);
        synchronized (lock) {
            unmatched.add(message);
        }
        Json text = Json.of(message);
        return StubAnswer.json(NO_RECORDING, "{\"error\":{\"type\":\"no_recording\",\"message\":" + text + "}}");
    }

    private void save() {
        if (relays.isEmpty()) {
            return;
        }
        relays.forEach(relay -> secrets.learn(relay.response()));
        List<Scrubber.Rule> all = new ArrayList<>(List.of(secrets.rule()));
        all.addAll(rules);
        Scrubber scrubber = new Scrubber(all);
        List<Exchange> exchanges = new ArrayList<>(recordings.exchanges());
        for (Relay relay : relays) {
            exchanges.add(new Exchange(
                    RecordedRequest.of(relay.request(), scrubber),
                    relay.response().scrubbed(scrubber)));
        }
        Exchange.writeAll(file, scrubber.scrub(server.toString()), exchanges);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Path file;
        private final URI server;
        private final Set<String> secrets = new HashSet<>();
        private final List<Scrubber.Rule> rules = new ArrayList<>();
        private final List<List<String>> ignored = new ArrayList<>();
        private final Set<String> keptHeaders = new HashSet<>();
        private RecordMode asked = RecordMode.REPLAY;
        private boolean repeatLast;
        private boolean recordedTiming;
        private TimeSource time = TimeSource.system();

        private Builder(Path file, URI server) {
            this.file = Check.notNull(file, "file");
            this.server = Check.notNull(server, "server");
            boolean plain = ("http".equals(server.getScheme()) || "https".equals(server.getScheme()))
                    && server.getHost() != null
                    && server.getRawUserInfo() == null
                    && server.getRawQuery() == null
                    && server.getRawFragment() == null;
            Check.that(plain, "server", "of " + server.getHost(), "http or https, a host and a path, nothing else");
        }

        /** Records everything anew, unless the environment says otherwise. Not meant to stay in a test. */
        public Builder record() {
            this.asked = RecordMode.ALL;
            return this;
        }

        /** Records what is not in the file, unless the environment says otherwise. */
        public Builder recordMissing() {
            this.asked = RecordMode.MISSING;
            return this;
        }

        /** A secret that is sent elsewhere than in a header; null or blank, as where a variable is not set: none. */
        public Builder secret(@Nullable String value) {
            if (value != null && !value.isBlank()) {
                secrets.add(value);
            }
            return this;
        }

        /**
         * Replaces more, such as names of customers, wherever it stands in a path, a query, a kept header or a body, each
         * body as a whole. Applied to the requests of a replay, too, so that they still fit.
         *
         * @param replacement of what was found; the same for the same
         */
        public Builder scrub(Pattern pattern, Function<? super MatchResult, String> replacement) {
            rules.add(new Scrubber.Rule(Check.notNull(pattern, "pattern"), Check.notNull(replacement, "replacement")));
            return this;
        }

        /**
         * Lets a part of JSON bodies differ on replay, such as {@code /user} or, in every message,
         * <code>/messages/*&#47;id</code>.
         *
         * @param pointer a JSON pointer (RFC 6901), where {@code *} is any name or index
         */
        public Builder ignore(String pointer) {
            ignored.add(RecordedRequest.withinJson(Check.notNull(pointer, "pointer")));
            return this;
        }

        /** Keeps one more header of answers. */
        public Builder keepHeader(String name) {
            String lowerCase = Check.notBlank(name, "name").toLowerCase(Locale.ROOT);
            Check.that(!HttpHeaderNames.isSecret(lowerCase), "name", name, "not a header for secrets");
            keptHeaders.add(lowerCase);
            return this;
        }

        /** Gives the last recording of a request as often as it is asked for, as for one that polls. */
        public Builder repeatLast() {
            this.repeatLast = true;
            return this;
        }

        /** Waits on replay as long as the server did; by default everything comes at once. */
        public Builder recordedTiming() {
            this.recordedTiming = true;
            return this;
        }

        /** The clock that waits are measured and repeated on; the machine's by default. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * Opens the recording.
         *
         * @throws UncheckedIOException if the file cannot be read, or there is none and nothing is to be recorded
         * @throws IllegalArgumentException if something in it is wrong
         */
        public HttpRecording open() {
            return open(System.getProperty(RecordMode.PROPERTY), System.getenv());
        }

        HttpRecording open(@Nullable String property, Map<String, String> environment) {
            return new HttpRecording(this, RecordMode.of(asked, property, environment));
        }
    }
}

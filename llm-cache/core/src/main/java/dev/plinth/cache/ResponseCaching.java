package dev.plinth.cache;

import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.function.Function;

/**
 * A layer that answers a chat request out of a cache when exactly the same was asked before.
 *
 * <pre>{@code
 * ResponseCaching caching = ResponseCaching.builder(CaffeineResponseCache.ofEntries(10_000))
 *     .ttl(Duration.ofHours(1))
 *     .build();
 * Platform platform = Platform.builder().chat("support", model).layer(caching).build();
 * }</pre>
 *
 * <ul>
 *   <li>The same is: the same provider, endpoint, model, messages with all their parts, tools, choice, format,
 *       parameters, vendor options and registered prompt, asked within the same scope. Texts are compared in Unicode
 *       normal form C. Who asks beyond the scope, deadlines and timeouts do not matter.
 *   <li>Kept are answers that end with {@link dev.plinth.api.chat.FinishReason#STOP} and call no tool; a streamed one
 *       when its stream has been read to the end. Errors, cut, filtered, refused and empty answers are not.
 *   <li>Never looked up nor kept: requests with a temperature above 0, since who sets one wants answers that differ
 *       (a request without a temperature is cached), and requests with a vendor option whose value is not of a JDK type
 *       that can be compared.
 *   <li>A cached answer says {@link dev.plinth.api.chat.ChatResponse#cached()}, its usage is none, and its cost, where
 *       one was known, zero. It keeps the id of the response it was. A stream replays it.
 *   <li>Of calls for the same at the same time one asks the model; the others wait for it, as long as their own
 *       deadline and total timeout allow. When it fails, is cancelled, or brings what cannot be kept, each of them asks
 *       by itself. Streams wait for a plain call like that, but nobody waits for a stream: its pace is its reader's.
 *   <li>A store that fails never fails a call: the call goes on as without a cache, and is counted.
 *   <li>Each look is told to the context of the call as a {@link dev.plinth.api.context.Step.CacheLookup}, so that
 *       traces show it.
 * </ul>
 *
 * <p>Thread-safe. Does not close the store.
 */
public final class ResponseCaching implements Layer {

    private final AnswerStore store;
    private final RequestKeys keys;
    private final Counts counts;
    private final Flights flights = new Flights();
    private final TimeSource time;

    private ResponseCaching(Builder builder) {
        this.counts = new Counts();
        this.store = new AnswerStore(builder.cache, builder.ttl);
        this.keys = new RequestKeys(builder.scope, builder.sampled);
        this.time = builder.time;
    }

    /** A builder: one hour, for each user apart, no sampled answers. */
    public static Builder builder(ResponseCache cache) {
        return new Builder(Check.notNull(cache, "cache"));
    }

    /**
     * The default scope: users do not share answers, nor do teams and applications. Calls without a user share those of
     * their application, calls without a principal share among themselves.
     */
    public static String perUser(CallContext context) {
        return context.principal()
                .map(principal ->
                        application(principal) + (principal.user() == null ? "" : "/" + segment(principal.user())))
                .orElse("");
    }

    /** A wider scope: all users of an application share answers. For answers that hold nothing personal. */
    public static String perApplication(CallContext context) {
        return context.principal().map(ResponseCaching::application).orElse("");
    }

    @Override
    public Stage stage() {
        return Stage.CACHE;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new CachingChatModel(next, store, keys, flights, counts, time);
    }

    /** What it has done so far. */
    public CacheStatistics statistics() {
        return counts.statistics();
    }

    private static String application(Principal principal) {
        return segment(principal.team()) + "/" + segment(principal.application());
    }

    /** One part of a scope: a slash in a name must not look like the border between two names. */
    private static String segment(String name) {
        return name.replace("%", "%25").replace("/", "%2F");
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final ResponseCache cache;
        private Duration ttl = Duration.ofHours(1);
        private Function<? super CallContext, String> scope = ResponseCaching::perUser;
        private boolean sampled;
        private TimeSource time = TimeSource.system();

        private Builder(ResponseCache cache) {
            this.cache = cache;
        }

        /** How long an answer may be given again. */
        public Builder ttl(Duration ttl) {
            this.ttl = Check.positive(ttl, "ttl");
            return this;
        }

        /**
         * Who shares answers: those for whom the function gives the same text.
         *
         * @see ResponseCaching#perUser
         * @see ResponseCaching#perApplication
         */
        public Builder scope(Function<? super CallContext, String> scope) {
            this.scope = Check.notNull(scope, "scope");
            return this;
        }

        /** Caches requests with a temperature above 0 too: the first answer is then given to all. */
        public Builder cacheSampled() {
            this.sampled = true;
            return this;
        }

        /** The clock that looks into the cache are told from. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The layer. */
        public ResponseCaching build() {
            return new ResponseCaching(this);
        }
    }
}

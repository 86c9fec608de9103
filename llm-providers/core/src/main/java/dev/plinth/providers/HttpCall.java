package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.Timeouts;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call to a provider.
 *
 * <p>Immutable and thread-safe, if the body is not written to any more.
 */
public final class HttpCall {

    private final String method;
    private final URI url;
    private final List<String> headers;
    private final @Nullable HttpBody body;
    private final boolean streamed;
    private final boolean unhurried;
    private final @Nullable Timeouts timeouts;
    private final @Nullable Deadline deadline;
    private final ErrorDetails details;

    private HttpCall(Builder builder) {
        this.method = builder.method;
        this.url = builder.url;
        this.headers = builder.headers;
        this.body = builder.body;
        this.streamed = builder.streamed;
        this.unhurried = builder.unhurried;
        this.timeouts = builder.timeouts;
        this.deadline = builder.deadline;
        this.details = builder.details;
    }

    /** A builder of a POST of this body. */
    public static Builder post(URI url, HttpBody body) {
        return new Builder("POST", url, Check.notNull(body, "body"));
    }

    /** A builder of a PUT of this body. */
    public static Builder put(URI url, HttpBody body) {
        return new Builder("PUT", url, Check.notNull(body, "body"));
    }

    /** A builder of a GET. */
    public static Builder get(URI url) {
        return new Builder("GET", url, null);
    }

    /** A builder of a DELETE. */
    public static Builder delete(URI url) {
        return new Builder("DELETE", url, null);
    }

    String method() {
        return method;
    }

    URI url() {
        return url;
    }

    /** Names and values by turns. */
    List<String> headers() {
        return headers;
    }

    @Nullable
    HttpBody body() {
        return body;
    }

    boolean streamed() {
        return streamed;
    }

    boolean unhurried() {
        return unhurried;
    }

    Optional<Timeouts> timeouts() {
        return Optional.ofNullable(timeouts);
    }

    Optional<Deadline> deadline() {
        return Optional.ofNullable(deadline);
    }

    ErrorDetails details() {
        return details;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String method;
        private final URI url;
        private final @Nullable HttpBody body;
        private List<String> headers = new ArrayList<>(4);
        private boolean built;
        private boolean streamed;
        private boolean unhurried;
        private @Nullable Timeouts timeouts;
        private @Nullable Deadline deadline;
        private ErrorDetails details = ErrorDetails.NONE;

        private Builder(String method, URI url, @Nullable HttpBody body) {
            this.method = method;
            this.url = Check.notNull(url, "url");
            this.body = body;
        }

        /** The method, in capitals; for signatures. */
        public String method() {
            return method;
        }

        /** The address as it is sent; for signatures. */
        public URI url() {
            return url;
        }

        /** The body; for signatures. */
        public Optional<HttpBody> body() {
            return Optional.ofNullable(body);
        }

        /** One more header, or another value of one that is set. */
        public Builder header(String name, String value) {
            if (built) { // the call has them
                headers = new ArrayList<>(headers);
                built = false;
            }
            headers.add(Check.notBlank(name, "name"));
            headers.add(Check.notNull(value, name));
            return this;
        }

        /** Whether the answer comes piece by piece: only then are the waits for the first and the next token limited. */
        public Builder streamed(boolean streamed) {
            this.streamed = streamed;
            return this;
        }

        /**
         * The answer is a file that its reader takes at his own pace: as {@link #streamed}, and the limit of time for the
         * whole call does not hold.
         */
        public Builder unhurried() {
            this.unhurried = true;
            return streamed(true);
        }

        /** The limits of this call; null: those of the transport. */
        public Builder timeouts(@Nullable Timeouts timeouts) {
            this.timeouts = timeouts;
            return this;
        }

        /** When the call must be over; null: never. */
        public Builder deadline(@Nullable Deadline deadline) {
            this.deadline = deadline;
            return this;
        }

        /** Who is called, for errors. */
        public Builder details(ErrorDetails details) {
            this.details = Check.notNull(details, "details");
            return this;
        }

        /** The call. */
        public HttpCall build() {
            built = true;
            return new HttpCall(this);
        }
    }
}

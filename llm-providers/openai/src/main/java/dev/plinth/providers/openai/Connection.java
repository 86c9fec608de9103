package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.Timeouts;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.JsonBody;
import dev.plinth.providers.ProviderErrors;
import dev.plinth.providers.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How to reach the server, and who it is. Immutable and thread-safe. */
final class Connection {

    /** The fast parser spares a String for every number of an embedding. */
    static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private final HttpTransport transport;
    private final String provider;
    private final URI baseUrl;
    private final @Nullable Supplier<Secret> apiKey;
    private final @Nullable String apiKeyHeader;
    private final Map<String, String> headers;

    Connection(
            HttpTransport transport,
            String provider,
            URI baseUrl,
            @Nullable Supplier<Secret> apiKey,
            @Nullable String apiKeyHeader,
            Map<String, String> headers) {
        this.transport = transport;
        this.provider = provider;
        this.baseUrl = baseUrl;
        this.apiKey = apiKey;
        this.apiKeyHeader = apiKeyHeader;
        this.headers = headers;
    }

    String provider() {
        return provider;
    }

    URI baseUrl() {
        return baseUrl;
    }

    URI url(String path) {
        return URI.create(baseUrl + path);
    }

    ErrorDetails details(String model) {
        return ErrorDetails.builder().provider(provider).model(model).build();
    }

    /** Sends the body and returns the answer of a success; anything else is the error it says. */
    Exchange post(
            URI url,
            JsonBody body,
            boolean streamed,
            ErrorDetails details,
            CallContext context,
            Optional<Timeouts> timeouts) {
        Secret secret = apiKey == null ? null : apiKey.get();
        HttpCall.Builder call = HttpCall.builder(url, body)
                .streamed(streamed)
                .timeouts(timeouts.orElse(null))
                .deadline(context.deadline().orElse(null))
                .details(details);
        if (secret != null) {
            if (apiKeyHeader == null) {
                call.header("Authorization", "Bearer " + secret.reveal());
            } else {
                call.header(apiKeyHeader, secret.reveal());
            }
        }
        call.header("Accept", streamed ? "text/event-stream, application/json" : "application/json");
        headers.forEach(call::header);
        HttpAnswer answer = transport.send(call.build());
        if (answer.status() >= 200 && answer.status() < 300) {
            return new Exchange(answer, secret);
        }
        try (answer) {
            ErrorBody error = ErrorBody.parse(answer.errorText());
            answer.finish();
            throw ProviderErrors.of(error, answer.details(), secret);
        }
    }

    /** An answer, and what must not be repeated from it. */
    record Exchange(HttpAnswer answer, @Nullable Secret secret) implements AutoCloseable {

        /** The error that stands inside a successful answer. */
        LlmException error(ErrorBody body) {
            return ProviderErrors.of(body, answer.details(), secret);
        }

        @Override
        public void close() {
            answer.close();
        }
    }
}

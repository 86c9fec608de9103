package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.ProviderErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer that is a short text: who hands out keys answers so.
 *
 * @param status of HTTP
 * @param text of the body
 */
record TextAnswer(int status, String text, ErrorDetails details) {

    private static final int MAX_BYTES = 256 * 1024;

    /** Makes a call and reads its answer, whatever the status. */
    static TextAnswer of(HttpCall.Builder call, String service, HttpTransport transport, CallContext context) {
        ErrorDetails details = ErrorDetails.builder().provider(service).build();
        HttpCall complete =
                call.details(details).deadline(context.deadline().orElse(null)).build();
        try (HttpAnswer answer = transport.send(complete)) {
            try {
                String text = new String(answer.body().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                answer.finish();
                return new TextAnswer(answer.status(), text, answer.details());
            } catch (IOException failure) {
                throw answer.failed(failure);
            }
        }
    }

    boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** The key in an answer that succeeded. */
    AwsCredentials credentials(String where) {
        if (!succeeded()) {
            throw error();
        }
        return CredentialAnswer.read(text).credentials(where);
    }

    /** What an answer that did not succeed means. */
    LlmException error() {
        CredentialAnswer answer = CredentialAnswer.read(text);
        String message = answer.get("Message").or(() -> answer.get("message")).orElse("");
        String code = answer.get("Code").or(() -> answer.get("code")).orElse(null);
        return ProviderErrors.of(new ErrorBody(message, code, null), details, null);
    }

    /** Hides the text, which may be a secret. */
    @Override
    public String toString() {
        return "TextAnswer[" + status + "]";
    }
}

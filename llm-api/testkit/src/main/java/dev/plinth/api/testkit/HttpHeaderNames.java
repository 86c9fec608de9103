package dev.plinth.api.testkit;

import java.util.Set;
import java.util.regex.Pattern;

/** Which headers, parameters and fields are what to a recording. Names in lower case. */
final class HttpHeaderNames {
    private static final Pattern SECRET_HEADER = Pattern.compile(
            "(?!.*rate-?limit).*(auth(?!or(?!i))|key|token|secret|cookie|passw|credential|signature|organization|project).*");
    private static final Pattern SECRET_FIELD = Pattern.compile(
            "(?:.*[-_])?(?:authorization|api[-_]?key|(?:access|refresh|security|session|id)[-_]?token|(?:client)?secret|"
                    + "password|credentials?)");
    private static final Set<String> SECRET_PARAMETERS =
            Set.of("key", "sig", "token", "auth", "signature", "x-amz-signature", "x-goog-signature");

    /** RFC 9110, 7.6.1, what the client's library sets by itself, and what would make an answer unreadable. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "expect",
            "accept-encoding");

    private static final Pattern KEPT = Pattern.compile(
            "content-type|content-encoding|location|(x-)?retry-after(-ms)?|x-should-retry|.*rate-?limit.*|"
                    + "(.*-)?request-?id|x-amzn-errortype|x-ms-error-code|.*-model|.*-version|warning");

    private HttpHeaderNames() {}

    static boolean isSecret(String header) {
        return SECRET_HEADER.matcher(header).matches();
    }

    static boolean isSecretField(String lowerCaseName) {
        return SECRET_FIELD.matcher(lowerCaseName).matches();
    }

    static boolean isSecretParameter(String lowerCaseName) {
        return SECRET_PARAMETERS.contains(lowerCaseName) || isSecretField(lowerCaseName);
    }

    static boolean isOfTheConnection(String header) {
        return OF_THE_CONNECTION.contains(header);
    }

    static boolean isKept(String header) {
        return KEPT.matcher(header).matches() && !isSecret(header);
    }
}

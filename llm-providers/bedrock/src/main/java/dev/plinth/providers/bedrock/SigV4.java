package dev.plinth.providers.bedrock;

import dev.plinth.api.check.Check;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.Percent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS's Signature Version 4 of a request without a query, as every service but S3 has it: the path is encoded once more
 * than it is sent, so {@code %3A} is signed as {@code %253A}.
 *
 * <p>Immutable and thread-safe.
 */
final class SigV4 {

    /** The header that says when a request was signed, which {@link #authorization} reads. */
    static final String DATE = "x-amz-date";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int DAY = "uuuuMMdd".length();

    private final String region;
    private final String service;

    SigV4(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /** A moment as {@link #DATE} has it. */
    static String date(Instant moment) {
        return SECONDS.format(moment);
    }

    /** The SHA-256 of a body, in hexadecimal. */
    static String hash(HttpBody body) {
        MessageDigest digest = sha256();
        body.digest(digest);
        return hex(digest.digest());
    }

    /**
     * The value of the header {@code Authorization}.
     *
     * @param path as it is sent
     * @param headers to sign, by lower-case name, among them {@link #DATE} and {@code host}
     * @param bodyHash of {@link #hash}
     */
    String authorization(
            String method,
            String path,
            SortedMap<String, String> headers,
            String bodyHash,
            AwsCredentials credentials) {
        StringBuilder request = new StringBuilder(512);
        request.append(method).append('\n').append(canonical(path)).append("\n\n");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            request.append(header.getKey()).append(':').append(trimmed(header.getValue()));
            request.append('\n');
        }
        String names = String.join(";", headers.keySet());
        request.append('\n').append(names).append('\n').append(bodyHash);

        String date = Check.notNull(headers.get(DATE), DATE);
        String day = date.substring(0, DAY);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String toSign = ALGORITHM + "\n" + date + "\n" + scope + "\n" + hex(sha256().digest(utf8(request.toString())));
        String signature = hex(hmac(key(credentials, day), toSign));
        return ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope + ", SignedHeaders=" + names
                + ", Signature=" + signature;
    }

    private byte[] key(AwsCredentials credentials, String day) {
        byte[] secret = utf8("AWS4" + credentials.secretAccessKey().reveal());
        return hmac(hmac(hmac(hmac(secret, day), region), service), "aws4_request");
    }

    private static String canonical(String path) {
        return path.isEmpty() ? "/" : Percent.encode(path, "/");
    }

    private static String trimmed(String value) {
        return value.strip().replaceAll(" +", " ");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HmacSHA256: missing (expected: every JDK has it)", impossible);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: every JDK has it)", impossible);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

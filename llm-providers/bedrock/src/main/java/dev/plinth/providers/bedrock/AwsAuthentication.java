package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.Authentication;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.Secret;
import java.net.URI;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Proves who makes a call by a signature over its method, path, host and body. */
final class AwsAuthentication implements Authentication {

    private final SigV4 signature;
    private final AwsCredentialsProvider credentials;
    private final TimeSource time;
    private final @Nullable String signedHost;

    /** @param signedHost the host that the signature is for; null: the one that is called */
    AwsAuthentication(
            SigV4 signature, AwsCredentialsProvider credentials, TimeSource time, @Nullable String signedHost) {
        this.signature = signature;
        this.credentials = credentials;
        this.time = time;
        this.signedHost = signedHost;
    }

    @Override
    public @Nullable Secret apply(HttpCall.Builder call, CallContext context) {
        AwsCredentials key = credentials.credentials(context);
        HttpBody body = call.body().orElseThrow();
        String hash = SigV4.hash(body);
        String date = SigV4.date(time.now());
        SortedMap<String, String> signed = new TreeMap<>();
        signed.put("content-type", body.contentType());
        signed.put("host", signedHost == null ? host(call.url()) : signedHost);
        signed.put("x-amz-content-sha256", hash);
        signed.put(SigV4.DATE, date);
        call.header("x-amz-content-sha256", hash).header(SigV4.DATE, date);
        Secret token = key.sessionToken();
        if (token != null) {
            signed.put("x-amz-security-token", token.reveal());
            call.header("x-amz-security-token", token.reveal());
        }
        call.header(
                "Authorization",
                signature.authorization(call.method(), call.url().getRawPath(), signed, hash, key));
        return token;
    }

    /** The host as it is sent: with its port, unless that is the scheme's own. */
    private static String host(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        int usual = url.getScheme().equals("https") ? 443 : 80;
        return url.getPort() < 0 || url.getPort() == usual ? host : host + ":" + url.getPort();
    }
}

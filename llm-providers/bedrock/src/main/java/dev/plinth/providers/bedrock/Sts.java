package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Percent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** AWS's Security Token Service, which lends the keys of roles. */
final class Sts {

    private static final String SESSION = "plinth";

    private final HttpTransport transport;
    private final TimeSource time;
    private final String region;
    private final URI url;

    Sts(Machine machine, HttpTransport transport, TimeSource time, AwsRegion region) {
        this.transport = transport;
        this.time = time;
        this.region = region.name();
        this.url = machine.address("AWS_ENDPOINT_URL_STS").orElseGet(() -> region.endpoint("sts"));
    }

    /**
     * The key of a role, for who has a token of an identity provider, such as a pod of Kubernetes.
     *
     * @param session the name the call goes under in AWS's logs; blank: ours
     */
    AwsCredentials byWebIdentity(String role, String session, Path tokenFile, CallContext context) {
        Map<String, String> fields = fields("AssumeRoleWithWebIdentity", role, session);
        fields.put(
                "WebIdentityToken",
                AwsFile.read(tokenFile, "a web identity token").strip());
        return ask(call(fields), context);
    }

    /** The key of a role, for who has a key; further fields are STS's own. */
    AwsCredentials byKey(
            String role, String session, Map<String, String> more, AwsCredentials key, CallContext context) {
        Map<String, String> fields = fields("AssumeRole", role, session);
        fields.putAll(more);
        HttpCall.Builder call = call(fields);
        new AwsAuthentication(new SigV4(region, "sts"), AwsCredentialsProvider.of(key), time, null)
                .apply(call, context);
        return ask(call, context);
    }

    private static Map<String, String> fields(String action, String role, String session) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Action", action);
        fields.put("Version", "2011-06-15");
        fields.put("RoleArn", role);
        fields.put("RoleSessionName", session.isBlank() ? SESSION : session);
        return fields;
    }

    private HttpCall.Builder call(Map<String, String> fields) {
        StringJoiner form = new StringJoiner("&");
        fields.forEach((name, value) -> form.add(name + "=" + Percent.encode(value)));
        HttpBody body =
                HttpBody.of("application/x-www-form-urlencoded", form.toString().getBytes(StandardCharsets.UTF_8));
        String path = url.getRawPath();
        return HttpCall.post(path == null || path.isEmpty() ? url.resolve("/") : url, body)
                .header("Accept", "application/json");
    }

    private AwsCredentials ask(HttpCall.Builder call, CallContext context) {
        return TextAnswer.of(call, "aws.sts", transport, context).credentials("sts");
    }
}

package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.Percent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Held against AWS's published vectors and against what the official JavaScript SDK signed. */
class SigV4Test {
    private static final AwsCredentials KEY =
            AwsCredentials.of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final Pattern AUTHORIZATION =
            Pattern.compile(".*/(\\S+)/(\\S+)/aws4_request, SignedHeaders=(\\S+), Signature=(\\S+)");

    private static HttpBody body(String text) {
        return HttpBody.of("application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String published(String method, Map<String, String> more) {
        SortedMap<String, String> headers = new TreeMap<>(more);
        headers.put("host", "example.amazonaws.com");
        headers.put(SigV4.DATE, SigV4.date(Instant.parse("2015-08-30T12:36:00Z")));
        return new SigV4("us-east-1", "service").authorization(method, "/", headers, SigV4.hash(body("")), KEY);
    }

    @Test
    void publishedVectors() {
        assertThat(published("GET", Map.of()))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                        + "SignedHeaders=host;x-amz-date, "
                        + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        assertThat(published("POST", Map.of()))
                .endsWith("Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
        assertThat(published("GET", Map.of("my-header1", "value1", "my-header2", "  \"a  b   c\" ")))
                .isEqualTo(published("GET", Map.of("my-header1", "value1", "my-header2", "\"a b c\"")));
    }

    @Test
    void pathIsEncodedOnceMore() {
        SortedMap<String, String> headers = new TreeMap<>(Map.of("host", "h", SigV4.DATE, "20260101T000000Z"));
        SigV4 signature = new SigV4("us-east-1", "bedrock");
        String encoded = signature.authorization("POST", "/model/a%3A0/converse", headers, "x", KEY);
        assertThat(encoded)
                .isNotEqualTo(signature.authorization("POST", "/model/a:0/converse", headers, "x", KEY))
                .isNotEqualTo(signature.authorization("POST", "/model/a%253A0/converse", headers, "x", KEY));
        assertThat(Percent.encode("/model/a%3A0/converse", "/")).isEqualTo("/model/a%253A0/converse");
        assertThat(signature.authorization("POST", "", headers, "x", KEY))
                .isEqualTo(signature.authorization("POST", "/", headers, "x", KEY));
    }

    @Test
    void recordedSignaturesComeOut() throws IOException {
        Optional<JsonNode> cases = Recordings.cases();
        assumeTrue(cases.isPresent(), Recordings.FILE + ": not there (expected: the shared recordings)");
        int signed = 0;
        for (JsonNode each : cases.get()) {
            for (JsonNode request : each.get("requests")) {
                Map<String, String> headers = new HashMap<>();
                for (JsonNode header : request.get("headers")) {
                    headers.put(header.get(0).asText(), header.get(1).asText());
                }
                if (headers.containsKey("authorization")) {
                    check(request, headers);
                    signed++;
                }
            }
        }
        assertThat(signed).isEqualTo(31);
    }

    private static void check(JsonNode request, Map<String, String> sent) {
        Matcher recorded = AUTHORIZATION.matcher(sent.getOrDefault("authorization", ""));
        assertThat(recorded.matches()).isTrue();
        SortedMap<String, String> headers = new TreeMap<>();
        List.of(recorded.group(3).split(";")).forEach(name -> headers.put(name, sent.get(name)));
        String hash = SigV4.hash(body(request.get("body").toString()));
        assertThat(hash).isEqualTo(sent.get("x-amz-content-sha256"));
        assertThat(new SigV4(recorded.group(1), recorded.group(2))
                        .authorization(
                                request.get("method").asText(),
                                request.get("path").asText(),
                                headers,
                                hash,
                                KEY))
                .isEqualTo(sent.get("authorization"));
    }
}

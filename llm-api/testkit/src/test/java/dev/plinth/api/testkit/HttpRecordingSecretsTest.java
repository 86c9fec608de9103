package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canaries wherever a secret may be: none of them is in the file, and it replays without them. */
class HttpRecordingSecretsTest extends RecordingFixture {

    private void assertNoCanary() throws Exception {
        String file = recorded();
        assertThat(file).contains("\"exchanges\"").doesNotContainIgnoringCase("canary");
        var base64 = Pattern.compile("\"base64\": \"([^\"]*)\"").matcher(file);
        while (base64.find()) {
            byte[] bytes = Base64.getDecoder().decode(base64.group(1));
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "X-Auth-Token",
                "x-api-key",
                "api-key",
                "x-goog-api-key",
                "x-amz-security-token",
                "Cookie",
                "openai-organization",
                "OpenAI-Project",
                "ocp-apim-subscription-key",
                "x-our-gateway-secret",
                "x-amz-signature"
            })
    void whatIsSentInASecretHeaderIsNowhere(String header) throws Exception {
        real.otherwise(request -> StubAnswer.json(
                        401, "{\"error\":{\"message\":\"Incorrect key: canary-1234 (Bearer canary-1234)\"}}")
                .header("x-request-id", "for-canary-1234"));
        try (HttpRecording recording = record()) {
            HttpRequest call = HttpRequest.newBuilder(at(recording, "/chat/canary-1234?user=canary-1234"))
                    .header(header, header.equals("authorization") ? "Bearer canary-1234" : "canary-1234")
                    .POST(BodyPublishers.ofString("{\"text\":\"my key is canary-1234\",\"canary-1234\":[]}"))
                    .build();
            assertThat(send(call).body()).contains("canary-1234"); // the client gets what was said
        }
        assertNoCanary();
        try (HttpRecording recording = replay()) {
            HttpRequest call = HttpRequest.newBuilder(at(recording, "/chat/other?user=other"))
                    .POST(BodyPublishers.ofString("{\"text\":\"my key is other\",\"[scrubbed]\":[]}"))
                    .build();
            assertThat(send(call).body())
                    .isEqualTo("{\"error\":{\"message\":\"Incorrect key: [scrubbed] (Bearer [scrubbed])\"}}");
        }
    }

    @Test
    void secretParametersAndFieldsAreNowhere() throws Exception {
        real.otherwise(request -> StubAnswer.json("{\"echo\":\"canary-f1 canary-f2 canary-f3 canary-q1 canary-q2\"}"));
        String body =
                "{\"password\":\"canary\",\"api_key\":\"canary-f1\",\"tools\":[{\"authorization\":\"Bearer canary-f2\","
                        + "\"headers\":{\"X-Api-Key\":\"canary-f3\"}}]}";
        try (HttpRecording recording = record()) {
            send(post(at(recording, "/chat?key=canary-q1&X-Amz-Signature=canary-q2&sig=canary&alt=sse"), body));
        }
        assertNoCanary();
        assertThat(recorded())
                .contains("\"key\": \"[scrubbed]\"", "\"alt\": \"sse\"", "\"authorization\": \"[scrubbed]\"");
        try (HttpRecording recording = replay()) {
            Seen seen = send(
                    post(at(recording, "/chat?key=none&X-Amz-Signature=&sig=&alt=sse"), body.replace("canary", "no")));
            assertThat(seen.status()).isEqualTo(200);
        }
    }

    @Test
    void tokensThatAreHandedOutAreNowhere() throws Exception {
        real.enqueue(StubAnswer.json("{\"access_token\": \"canary-access\", \"refresh_token\": \"canary-refresh\"}"));
        real.enqueue(StubAnswer.json("{\"was\":\"canary-refresh CANARY-access\"}"));
        try (HttpRecording recording = record()) {
            send(HttpRequest.newBuilder(at(recording, "/token"))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("grant_type=client_credentials&client_secret=canary%2fform"))
                    .build());
            ask(recording, "{}");
        }
        assertNoCanary();
        assertThat(recorded()).contains("grant_type=client_credentials&client_secret=[scrubbed]");
    }

    @Test
    void headersOfAnswersHaveSecretsToo() throws Exception {
        real.enqueue(StubAnswer.json("{\"organization\":\"canary-org\"}")
                .header("set-cookie", "session=canary-cookie; path=/")
                .header("openai-organization", "canary-org")
                .header("openai-version", "2020-10-01"));
        try (HttpRecording recording = record()) {
            assertThat(ask(recording, "{}").headers()).doesNotContainKeys("set-cookie", "openai-organization");
        }
        assertNoCanary();
        assertThat(recorded()).contains("2020-10-01");
    }

    @Test
    void namedSecretsAreNowhereHoweverTheyAreSpelledAndCut() throws Exception {
        String secret = "canary/\"ö\"";
        String spelled = "\"canary/\\\"ö\\\"\" \"canary\\/\\\"ö\\\"\" canary%2F%22%C3%B6%22";
        real.enqueue(
                StubAnswer.streaming("text/event-stream").event(spelled).inPieces(1),
                StubAnswer.of(
                        200, "application/octet-stream", ("\u0000\u0001" + spelled).getBytes(StandardCharsets.UTF_8)),
                StubAnswer.json(spelled).truncate());
        HttpRecording.Builder builder =
                recording().secret(secret).secret(null).secret(" ").record();
        try (HttpRecording recording = open(builder)) {
            send(post(at(recording, "/chat/canary%2F%22%C3%B6%22"), "password=canary%2F%22%C3%B6%22&a=b"));
            ask(recording, spelled);
            ask(recording, "{\"text\":" + Json.of(secret) + "}");
        }
        assertNoCanary();
        assertThat(Exchange.readAll(file()).get(0).response().pieces()).hasSizeGreaterThan(10);
    }

    @Test
    void testsMayScrubMore() throws Exception {
        Pattern customer = Pattern.compile("customer-(\\d+)");
        real.enqueue(StubAnswer.sse("Hello customer-4711", "and bye").inPieces(4));
        try (HttpRecording recording = open(scrubbing(customer).record())) {
            ask(recording, "{\"from\":\"customer-4711\"}");
        }
        assertThat(recorded()).contains("customer-4***").doesNotContain("4711");
        real.close();
        try (HttpRecording recording = open(scrubbing(customer))) {
            assertThat(ask(recording, "{\"from\":\"customer-4002\"}").body())
                    .isEqualTo("data: Hello customer-4***\n\ndata: and bye\n\n");
            recording.verify();
        }
    }

    private HttpRecording.Builder scrubbing(Pattern customer) {
        return recording().scrub(customer, HttpRecordingSecretsTest::anonymous);
    }

    private static String anonymous(MatchResult found) {
        return "customer-" + found.group(1).charAt(0) + "***";
    }

    @Test
    void messagesOfTestsHaveNoSecrets() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            ask(recording, "{\"text\":\"a\"}");
        }
        HttpRecording recording = open(recording().secret("canary-named"));
        Seen refused = send(HttpRequest.newBuilder(at(recording, "/chat?key=canary-query"))
                .header("authorization", "Bearer canary-header")
                .POST(BodyPublishers.ofString("{\"text\":\"canary-named canary-header canary-query\"}"))
                .build());
        assertThat(refused.body()).contains("[scrubbed] [scrubbed] [scrubbed]").doesNotContain("canary");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(recording::close)
                .satisfies(failure -> assertThat(failure.getMessage())
                        .contains("[scrubbed] [scrubbed] [scrubbed]")
                        .doesNotContain("canary"));
    }

    @Test
    void signaturesOfThoughtsAreNoSecrets() throws Exception {
        String thought = "{\"thinking\":\"Hm.\",\"signature\":\"EqQBCkYIARgC\",\"thought_signature\":\"CvcQAdHtim8x\"}";
        real.otherwise(request -> StubAnswer.json(thought));
        try (HttpRecording recording = record()) {
            ask(recording, thought);
        }
        try (HttpRecording recording = replay()) {
            assertThat(ask(recording, thought).body()).isEqualTo(thought);
        }
        assertThat(recorded()).doesNotContain(Secrets.SCRUBBED);
    }

    @Test
    void placeholdersForKeysDamageNothing() throws Exception {
        real.otherwise(request -> StubAnswer.json("{\"choice\":\"none\"}"));
        try (HttpRecording recording = record()) {
            send(HttpRequest.newBuilder(at(recording, "/chat"))
                    .header("authorization", "Bearer none")
                    .POST(BodyPublishers.ofString("{\"tool_choice\":\"none\"}"))
                    .build());
        }
        assertThat(recorded()).contains("{\"tool_choice\": \"none\"}", "{\"choice\": \"none\"}");
    }

    @Test
    void ruleThatFailsOnReplayIsToldByTheTest() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        try (HttpRecording recording = record()) {
            ask(recording, "{\"text\":\"canary\"}");
        }
        HttpRecording recording = open(recording().scrub(Pattern.compile("canary"), found -> {
            throw new IllegalStateException("broken rule");
        }));
        assertThat(ask(recording, "{\"text\":\"canary\"}").status()).isEqualTo(418);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(recording::close)
                .withMessageContaining("broken rule");
    }

    @Test
    void ruleThatFailsWritesNothing() throws Exception {
        real.otherwise(request -> StubAnswer.json("{}"));
        HttpRecording recording = open(recording()
                .scrub(Pattern.compile("canary"), found -> {
                    throw new IllegalStateException("broken rule");
                })
                .record());
        ask(recording, "{\"text\":\"canary\"}");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(recording::close)
                .withMessage("broken rule");
        assertThat(file()).doesNotExist();
    }
}

package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.TraceHeaders;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BedrockTest {
    private static final AwsCredentials KEY = AwsCredentials.of("AKIDEXAMPLE", "very-secret-1", "very-secret-2");
    private static final ChatRequest HI = ChatRequest.of("Hi");

    @TempDir
    Path home;

    private final StubServer server = StubServer.start().otherwise(request -> StubAnswer.json(Answers.text("Hello")));
    private final TestTime time = TestTime.manual();
    private TestMachine machine;

    @BeforeEach
    void machine() {
        machine = new TestMachine(home, server).env("AWS_EC2_METADATA_DISABLED", "true");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Bedrock.Builder builder() {
        return Bedrock.builder().machine(machine.machine()).time(time);
    }

    private Bedrock.Builder atServer() {
        return builder().region("us-east-1").baseUrl(server.url("/").toString());
    }

    private StubRequest requestOf(Bedrock.Builder builder) throws InterruptedException {
        try (Bedrock bedrock = builder.build()) {
            assertThat(bedrock.chatModel("a.b-v1:0").chat(HI).text()).isEqualTo("Hello");
        }
        return server.takeRequest();
    }

    private static URI endpoint(Bedrock.Builder builder) {
        try (Bedrock bedrock = builder.build()) {
            return bedrock.chatModel("m").info().endpoint();
        }
    }

    @Test
    void callsAreSigned() throws Exception {
        StubRequest request = requestOf(atServer().awsCredentials(KEY));
        assertThat(request.target()).isEqualTo("/model/a.b-v1%3A0/converse");
        assertThat(request.header("x-amz-date")).contains("20260101T000000Z");
        assertThat(request.header("x-amz-security-token")).contains("very-secret-2");
        SortedMap<String, String> headers = new TreeMap<>();
        for (String name :
                List.of("content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")) {
            headers.put(name, request.header(name).orElseThrow());
        }
        String signature = new SigV4("us-east-1", "bedrock")
                .authorization("POST", request.target(), headers, headers.get("x-amz-content-sha256"), KEY);
        assertThat(request.header("authorization")).contains(signature);
    }

    /** A proxy may put its own span into these headers. */
    @Test
    void theHeadersOfATraceAreSentButNotSigned() throws Exception {
        CallContext traced = CallContext.builder()
                .attachment(TraceHeaders.class, () -> Map.of("traceparent", "00-1-2-01"))
                .build();
        try (Bedrock bedrock = atServer().awsCredentials(KEY).sendTraceContext().build()) {
            bedrock.chatModel("a.b-v1:0").chat(HI.toBuilder().context(traced).build());
        }
        StubRequest request = server.takeRequest();
        assertThat(request.header("traceparent")).contains("00-1-2-01");
        assertThat(request.header("authorization").orElseThrow())
                .contains("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token,");
    }

    @Test
    void signatureMayBeForAnotherHost() throws Exception {
        StubRequest direct = requestOf(atServer().awsCredentials(KEY));
        StubRequest proxied =
                requestOf(atServer().awsCredentials(KEY).signedHost("bedrock-runtime.us-east-1.amazonaws.com"));
        assertThat(proxied.header("host")).isEqualTo(direct.header("host"));
        assertThat(proxied.header("authorization")).isNotEqualTo(direct.header("authorization"));
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", "bedrock-runtime.us-east-1.amazonaws.com");
        for (String name : List.of("content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token")) {
            headers.put(name, proxied.header(name).orElseThrow());
        }
        assertThat(proxied.header("authorization"))
                .contains(new SigV4("us-east-1", "bedrock")
                        .authorization("POST", proxied.target(), headers, headers.get("x-amz-content-sha256"), KEY));
    }

    @Test
    void keyIsAskedForBeforeEachCall() {
        Iterator<String> ids = List.of("FIRST", "SECOND").iterator();
        try (Bedrock bedrock = atServer()
                .awsCredentials(context -> AwsCredentials.of(ids.next(), "s"))
                .build()) {
            bedrock.chatModel("m").chat(HI);
            bedrock.chatModel("m").chat(HI);
        }
        assertThat(server.requests().get(0).header("authorization").orElse("")).contains("Credential=FIRST/");
        assertThat(server.requests().get(1).header("authorization").orElse("")).contains("Credential=SECOND/");
    }

    @Test
    void apiKeyGoesWithoutASignature() throws Exception {
        machine.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "x");
        for (Bedrock.Builder builder :
                List.of(atServer().apiKey("key-1"), atServer().credentials(context -> Secret.of("key-1")))) {
            StubRequest request = requestOf(builder);
            assertThat(request.header("authorization")).contains("Bearer key-1");
            assertThat(request.headerNames()).noneMatch(name -> name.startsWith("x-amz-"));
        }
        machine.env("AWS_BEARER_TOKEN_BEDROCK", "key-2");
        assertThat(requestOf(atServer()).header("authorization")).contains("Bearer key-2");
        assertThat(requestOf(atServer().awsCredentials(KEY))
                        .header("authorization")
                        .orElse(""))
                .contains("Credential=AKIDEXAMPLE/");
    }

    @Test
    void environmentSaysAllThatIsNotBuilt() throws Exception {
        machine.env("AWS_REGION", "eu-west-3")
                .env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url("/x").toString())
                .env("AWS_ACCESS_KEY_ID", "ENV")
                .env("AWS_SECRET_ACCESS_KEY", "s");
        StubRequest request = requestOf(builder());
        assertThat(request.target()).isEqualTo("/x/model/a.b-v1%3A0/converse");
        assertThat(request.header("authorization").orElse("")).contains("=ENV/20260101/eu-west-3/bedrock/");
    }

    @Test
    void profileSaysKeyAndRegion() throws Exception {
        machine.file(
                "config",
                "[default]\nregion=eu-west-1\n[profile p]\nregion=eu-west-2\naws_access_key_id=P\n"
                        + "aws_secret_access_key=s\n");
        StubRequest request =
                requestOf(builder().baseUrl(server.url("/").toString()).profile("p"));
        assertThat(request.header("authorization").orElse("")).contains("=P/20260101/eu-west-2/bedrock/");
        assertThat(endpoint(builder())).hasToString("https://bedrock-runtime.eu-west-1.amazonaws.com");
    }

    @Test
    void lentKeysAreReplacedWithoutARestart() {
        machine.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/keys");
        server.when(
                request -> request.target().equals("/keys") && time.now().equals(TestTime.START),
                key("ONE", TestTime.START.plus(Duration.ofHours(1))));
        server.when(request -> request.target().equals("/keys"), key("TWO", TestTime.START.plus(Duration.ofHours(2))));
        try (Bedrock bedrock = atServer().build()) {
            ChatModel model = bedrock.chatModel("m");
            model.chat(HI);
            model.chat(HI);
            time.advance(Duration.ofMinutes(57));
            model.chat(HI);
        }
        List<StubRequest> requests = server.requests();
        assertThat(requests.stream().map(StubRequest::target))
                .containsExactly("/keys", "/model/m/converse", "/model/m/converse", "/keys", "/model/m/converse");
        assertThat(requests.get(2).header("authorization").orElse("")).contains("=ONE/20260101/");
        assertThat(requests.get(4).header("authorization").orElse("")).contains("=TWO/20260101/");
    }

    private static StubAnswer key(String id, Instant end) {
        return StubAnswer.json("{\"AccessKeyId\":\"" + id
                + "\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"" + end + "\"}");
    }

    @Test
    void regionIsLookedForInOrder() {
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("region: not set (expected: one in the builder, AWS_REGION or the profile)");
        machine.file("config", "[default]\nregion=r-1\n");
        assertThat(endpoint(builder()).getHost()).isEqualTo("bedrock-runtime.r-1.amazonaws.com");
        machine.property("aws.region", "r-2");
        assertThat(endpoint(builder()).getHost()).isEqualTo("bedrock-runtime.r-2.amazonaws.com");
        machine.env("AWS_DEFAULT_REGION", "r-3");
        assertThat(endpoint(builder()).getHost()).isEqualTo("bedrock-runtime.r-3.amazonaws.com");
        machine.env("AWS_REGION", "cn-north-1");
        assertThat(endpoint(builder()).getHost()).isEqualTo("bedrock-runtime.cn-north-1.amazonaws.com.cn");
        assertThat(endpoint(builder().region("eusc-de-east-1")).getHost())
                .isEqualTo("bedrock-runtime.eusc-de-east-1.amazonaws.eu");
        machine.env("AWS_ENDPOINT_URL", "http://localhost:1/");
        assertThat(endpoint(builder())).hasToString("http://localhost:1");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> builder().region("x.evil.org/").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("region: x.evil.org/");
        assertThatThrownBy(() -> atServer().apiKey("k").awsCredentials(KEY).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("apiKey, awsCredentials, profile: 2 of them (expected: one at most)");
        assertThatThrownBy(() -> AwsCredentials.of(" ", "s")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AwsCredentials.of("a", "no secret")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requestMayNameAnotherModel() throws Exception {
        try (Bedrock bedrock = atServer().apiKey("key").header("X-Team", "a").build()) {
            ChatModel model = bedrock.chatModel("m");
            assertThat(model.info().provider()).isEqualTo("aws.bedrock");
            ChatResponse response = model.chat(HI.toBuilder().model("other").build());
            assertThat(response.provider()).contains("aws.bedrock");
        }
        StubRequest request = server.takeRequest();
        assertThat(request.target()).isEqualTo("/model/other/converse");
        assertThat(request.header("x-team")).contains("a");
    }

    @Test
    void keyAndPromptAreInNoError() {
        server.when(
                request -> true,
                StubAnswer.json(403, "{\"message\":\"The token very-secret-2 is expired\"}")
                        .header("x-amzn-errortype", "ExpiredTokenException"));
        try (Bedrock bedrock = atServer().awsCredentials(KEY).build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class, () -> bedrock.chatModel("m").chat(ChatRequest.of("my prompt")));
            assertThat(error).isNotNull();
            assertThat(error.toString())
                    .doesNotContain("very-secret", "my prompt")
                    .contains("The token *** is expired");
            assertThat(error.details().providerCode()).contains("ExpiredTokenException");
        }
        assertThat(KEY.toString()).doesNotContain("very-secret").contains("AKIDEXAMPLE");
    }

    @Test
    void noKeyIsAnErrorOfTheCall() {
        try (Bedrock bedrock = atServer().build()) {
            AuthenticationException error = catchThrowableOfType(
                    AuthenticationException.class, () -> bedrock.chatModel("m").chat(HI));
            assertThat(error).hasMessageStartingWith("AWS credentials: none");
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void transportThatWasHandedInStaysOpen() {
        try (HttpTransport transport = HttpTransport.create()) {
            Bedrock one = atServer().awsCredentials(KEY).transport(transport).build();
            one.close();
            one.chatModel("m").chat(HI);
        }
        Bedrock own = atServer().awsCredentials(KEY).build();
        own.close();
        own.close();
        assertThatThrownBy(() -> own.chatModel("m").chat(HI)).isInstanceOf(IllegalStateException.class);
    }
}

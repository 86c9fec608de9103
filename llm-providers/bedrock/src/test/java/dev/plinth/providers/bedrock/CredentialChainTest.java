package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubRequest;
import dev.plinth.api.testkit.StubServer;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.providers.HttpTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every place of the chain, over services that answer as AWS's do. */
class CredentialChainTest {
    private static final String END = "2026-01-01T01:00:00Z";
    private static final String LENT = "\"AccessKeyId\":\"LENT\",\"SecretAccessKey\":\"lent-secret\",";
    private static final String STS_JSON =
            "{\"AssumeRoleResponse\":{\"AssumeRoleResult\":{\"AssumedRoleUser\":{\"Arn\":\"a\"},"
                    + "\"Credentials\":{" + LENT + "\"SessionToken\":\"lent-token\",\"Expiration\":1.767229200E9}},"
                    + "\"ResponseMetadata\":{\"RequestId\":\"r\"}}}";
    private static final String STS_XML = "<?xml version=\"1.0\"?><AssumeRoleWithWebIdentityResponse "
            + "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult><Credentials>"
            + "<AccessKeyId>LENT</AccessKeyId>\n<SecretAccessKey>lent-secret</SecretAccessKey>"
            + "<SessionToken>lent-token</SessionToken><Expiration>" + END + "</Expiration></Credentials>"
            + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
    private static final String HOST_JSON = "{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\"," + LENT
            + "\"Token\":\"lent-token\",\"Expiration\":\"" + END + "\"}";

    @TempDir
    Path home;

    private final StubServer server = StubServer.start();
    private final HttpTransport transport = HttpTransport.create();
    private TestMachine machine;

    @BeforeEach
    void machine() {
        machine = new TestMachine(home, server).env("AWS_EC2_METADATA_DISABLED", "true");
    }

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    private CredentialChain chain() {
        return new CredentialChain(machine.machine(), transport, TestTime.manual(), new AwsRegion("eu-central-1"));
    }

    private AwsCredentials find() {
        try (CredentialChain chain = chain()) {
            return chain.credentials(CallContext.EMPTY);
        }
    }

    private <E extends LlmException> E fails(Class<E> type, String message) {
        E error = catchThrowableOfType(type, this::find);
        assertThat(error).isNotNull().hasMessageStartingWith(message);
        assertThat(error.toString()).doesNotContain("lent-secret", "a secret", "token-of-the-pod");
        return error;
    }

    private static void isLent(AwsCredentials found) {
        assertThat(found.accessKeyId()).isEqualTo("LENT");
        assertThat(found.secretAccessKey().reveal()).isEqualTo("lent-secret");
        assertThat(found.sessionToken().reveal()).isEqualTo("lent-token");
        assertThat(found.expiration()).isEqualTo(Instant.parse(END));
    }

    private TestMachine keys(String prefix) {
        return machine.env("AWS_ACCESS_KEY_ID", prefix).env("AWS_SECRET_ACCESS_KEY", prefix + "-secret");
    }

    @Test
    void nothingAnywhereSaysWhereItLooked() {
        fails(
                AuthenticationException.class,
                "AWS credentials: none (expected: in the environment, system properties, ");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void environmentComesFirst() {
        keys("ENV").property("aws.accessKeyId", "PROP").property("aws.secretAccessKey", "x");
        assertThat(find()).isEqualTo(AwsCredentials.of("ENV", "ENV-secret"));
        machine.env("AWS_SESSION_TOKEN", "t");
        assertThat(find()).isEqualTo(AwsCredentials.of("ENV", "ENV-secret", "t"));
    }

    @Test
    void halfAKeyIsNoneAndNotPassedOver() {
        machine.env("AWS_ACCESS_KEY_ID", "ENV").property("aws.accessKeyId", "P").property("aws.secretAccessKey", "x");
        fails(AuthenticationException.class, "environment: secret access key: not set (expected: a whole key)");
        machine.env("AWS_ACCESS_KEY_ID", " ").env("AWS_SECRET_ACCESS_KEY", "a secret with spaces");
        fails(AuthenticationException.class, "environment: access key id: not set");
    }

    @Test
    void thenThePropertiesOfTheJvm() {
        machine.property("aws.accessKeyId", "PROP")
                .property("aws.secretAccessKey", "p")
                .property("aws.sessionToken", "t")
                .file("credentials", "[default]\naws_access_key_id=FILE\naws_secret_access_key=f\n");
        assertThat(find()).isEqualTo(AwsCredentials.of("PROP", "p", "t"));
    }

    private void pod() {
        Path token = home.resolve("token");
        TestMachine.write(token, "token-of-the-pod\n");
        machine.env("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString()).env("AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
    }

    @Test
    void thenAWebIdentityToken() throws Exception {
        pod();
        machine.file("credentials", "[default]\naws_access_key_id=FILE\naws_secret_access_key=f\n");
        for (String answer : List.of(STS_XML, STS_JSON)) {
            server.enqueue(StubAnswer.of(200, "text/xml", answer.getBytes(StandardCharsets.UTF_8)));
            isLent(find());
            StubRequest request = server.takeRequest();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/sts");
            assertThat(request.header("content-type")).contains("application/x-www-form-urlencoded");
            assertThat(request.headerNames()).doesNotContain("authorization");
            assertThat(request.text())
                    .isEqualTo(
                            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
                                    + "&RoleSessionName=plinth&WebIdentityToken=token-of-the-pod");
        }
        machine.env("AWS_ROLE_SESSION_NAME", "me@x");
        server.enqueue(StubAnswer.json(STS_JSON));
        isLent(find());
        assertThat(server.takeRequest().text()).contains("&RoleSessionName=me%40x&");
    }

    @Test
    void whatStsRefusesIsSaid() {
        pod();
        server.enqueue(
                StubAnswer.of(
                        400,
                        "text/xml",
                        ("<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredTokenException</Code>"
                                        + "<Message>Token expired</Message></Error><RequestId>r</RequestId></ErrorResponse>")
                                .getBytes(StandardCharsets.UTF_8)),
                StubAnswer.json(403, "{\"Error\":{\"Code\":\"AccessDenied\",\"Message\":\"not you\"}}"),
                StubAnswer.json(503, "<html>"),
                StubAnswer.json(400, "{\"Error\":{\"Code\":\"Throttling\",\"Message\":\"slow\"}}"),
                StubAnswer.json("{\"Credentials\":{\"AccessKeyId\":\"a\"}}"),
                StubAnswer.json("{" + LENT + "\"Expiration\":\"soon\"}"),
                StubAnswer.json(STS_JSON.substring(0, STS_JSON.indexOf("lent-token"))));
        AuthenticationException expired = fails(AuthenticationException.class, "provider: Token expired");
        assertThat(expired.details().providerCode()).contains("ExpiredTokenException");
        assertThat(expired.details().provider()).contains("aws.sts");
        fails(AuthenticationException.class, "provider: not you");
        fails(OverloadedException.class, "provider: no explanation");
        fails(RateLimitedException.class, "provider: slow");
        fails(AuthenticationException.class, "sts: no key (expected: AccessKeyId and SecretAccessKey)");
        fails(AuthenticationException.class, "sts: ");
        fails(AuthenticationException.class, "sts: no key");
        server.verify();
    }

    @Test
    void webIdentityThatIsHalfSetUpIsAnError() {
        machine.env("AWS_WEB_IDENTITY_TOKEN_FILE", home.resolve("nowhere").toString());
        fails(AuthenticationException.class, "AWS_ROLE_ARN: not set");
        machine.env("AWS_ROLE_ARN", "arn");
        fails(AuthenticationException.class, home.resolve("nowhere") + ": cannot be read");
    }

    @Test
    void thenTheProfile() {
        machine.file(
                        "config",
                        "[default]\nregion = eu-west-1\naws_access_key_id=CONFIG\naws_secret_access_key=c\n"
                                + "[profile work]\naws_access_key_id=WORK\naws_secret_access_key=w\naws_session_token=t\n")
                .file("credentials", "[default]\naws_access_key_id = FILE\naws_secret_access_key = f\n");
        assertThat(find()).isEqualTo(AwsCredentials.of("FILE", "f"));
        machine.property("aws.profile", "work");
        assertThat(find()).isEqualTo(AwsCredentials.of("WORK", "w", "t"));
        machine.env("AWS_PROFILE", "other");
        fails(AuthenticationException.class, "profile other: not there (expected: one in ~/.aws/config");
    }

    @Test
    void profileMayBeNamedByWhoBuilds() {
        keys("ENV").file("credentials", "[a]\naws_access_key_id = FILE\naws_secret_access_key = f\n[b]\nx=1\n");
        try (CredentialChain chain = chain()) {
            assertThat(chain.profile("a").credentials(CallContext.EMPTY)).isEqualTo(AwsCredentials.of("FILE", "f"));
            assertThat(catchThrowableOfType(
                            AuthenticationException.class,
                            () -> chain.profile("b").credentials(CallContext.EMPTY)))
                    .hasMessageStartingWith(
                            "profile b: no key (expected: aws_access_key_id, role_arn or credential_process)");
        }
    }

    @Test
    void profileTakesOnARole() throws Exception {
        machine.file(
                        "config",
                        "[default]\nrole_arn=arn:r\nsource_profile=base\nexternal_id=e 1\nduration_seconds=900\n"
                                + "role_session_name=s\n")
                .file("credentials", "[base]\naws_access_key_id=BASE\naws_secret_access_key=b\naws_session_token=bt\n");
        server.enqueue(StubAnswer.json(STS_JSON));
        isLent(find());
        StubRequest request = server.takeRequest();
        assertThat(request.text())
                .startsWith("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=s&")
                .contains("ExternalId=e%201", "DurationSeconds=900");
        assertThat(request.header("authorization").orElse(""))
                .startsWith("AWS4-HMAC-SHA256 Credential=BASE/20260101/eu-central-1/sts/aws4_request, "
                        + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ");
        assertThat(request.header("x-amz-security-token")).contains("bt");
        assertThat(request.header("x-amz-date")).contains("20260101T000000Z");
    }

    @Test
    void rolesMayComeAfterRoles() {
        machine.file(
                "config",
                "[default]\nrole_arn=arn:a\nsource_profile=b\n[profile b]\nrole_arn=arn:b\nsource_profile=b\n"
                        + "aws_access_key_id=BASE\naws_secret_access_key=b\n");
        server.enqueue(StubAnswer.json(STS_JSON), StubAnswer.json(STS_JSON));
        isLent(find());
        assertThat(server.requests().get(0).header("authorization").orElse("")).contains("=BASE/");
        assertThat(server.requests().get(1).header("authorization").orElse("")).contains("=LENT/");
    }

    @Test
    void rolesThatGoRoundAreAnError() {
        machine.file(
                "config",
                "[default]\nrole_arn=arn:a\nsource_profile=b\n[profile b]\nrole_arn=arn:b\n"
                        + "source_profile=default\n");
        fails(AuthenticationException.class, "profile default: source_profile goes round [default, b]");
    }

    @Test
    void roleMayHaveASourceThatIsNoProfile() {
        keys("ENV")
                .file(
                        "config",
                        "[profile x]\nrole_arn=arn:a\ncredential_source=Environment\n"
                                + "[profile y]\nrole_arn=arn:a\ncredential_source=EcsContainer\n[profile z]\nrole_arn=arn:a\n");
        server.enqueue(StubAnswer.json(STS_JSON));
        try (CredentialChain chain = chain()) {
            isLent(chain.profile("x").credentials(CallContext.EMPTY));
            assertThat(catchThrowableOfType(
                            AuthenticationException.class,
                            () -> chain.profile("y").credentials(CallContext.EMPTY)))
                    .hasMessageStartingWith("profile y: credential_source EcsContainer has no key");
            assertThat(catchThrowableOfType(
                            AuthenticationException.class,
                            () -> chain.profile("z").credentials(CallContext.EMPTY)))
                    .hasMessageStartingWith("profile z: role_arn with credential_source ''");
        }
    }

    @Test
    void profileMayHaveAWebIdentity() {
        Path token = home.resolve("token");
        TestMachine.write(token, "token-of-the-pod");
        machine.file("config", "[default]\nrole_arn=arn:a\nweb_identity_token_file=" + token + "\n");
        server.enqueue(StubAnswer.json(STS_JSON));
        isLent(find());
        assertThat(server.requests().get(0).text()).contains("WebIdentityToken=token-of-the-pod");
    }

    @Test
    void whatAPersonWouldHaveToDoIsNotSupported() {
        machine.file(
                "config",
                "[default]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n"
                        + "[profile mfa]\nrole_arn=a\nsource_profile=default\nmfa_serial=m\n[profile login]\nlogin_session=x\n");
        fails(
                AuthenticationException.class,
                "profile default: sign-in in a browser is not supported (expected: credential_process = aws configure "
                        + "export-credentials --profile default)");
        machine.env("AWS_PROFILE", "mfa");
        fails(AuthenticationException.class, "profile mfa: mfa_serial is not supported");
        machine.env("AWS_PROFILE", "login");
        fails(AuthenticationException.class, "profile login: sign-in in a browser is not supported");
    }

    @Test
    void programMayPrintTheKey() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "/bin/sh: not there (expected: a shell)");
        Path printed = home.resolve("key.json");
        TestMachine.write(
                printed,
                "{\"Version\":1," + LENT
                        + "\"SessionToken\":\"lent-token\",\"Expiration\":\"2026-01-01T02:00:00+01:00\"}");
        machine.file("config", "[default]\ncredential_process = cat '" + printed + "'\n");
        isLent(find());
        machine.file("config", "[default]\ncredential_process = echo secret >&2; exit 3\n");
        fails(AuthenticationException.class, "credential_process: exit code 3 (expected: a key on its output)");
        machine.file("config", "[default]\ncredential_process = cat; echo no key\n");
        fails(AuthenticationException.class, "credential_process: no key");
    }

    private void container(String variable, String value) {
        machine.env(variable, value).env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token");
    }

    @Test
    void thenTheContainer() throws Exception {
        container("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1?id=x");
        server.enqueue(StubAnswer.json(HOST_JSON));
        isLent(find());
        StubRequest request = server.takeRequest();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/v2/credentials/1?id=x");
        assertThat(request.header("authorization")).contains("container-token");
    }

    @Test
    void containerMayNameAWholeAddressAndATokenFile() throws Exception {
        Path token = home.resolve("token");
        TestMachine.write(token, "from-file\n");
        container("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/full").toString());
        machine.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        server.enqueue(StubAnswer.json(HOST_JSON));
        isLent(find());
        StubRequest request = server.takeRequest();
        assertThat(request.target()).isEqualTo("/full");
        assertThat(request.header("authorization")).contains("from-file");
        Files.delete(token);
        fails(
                AuthenticationException.class,
                token + ": cannot be read (expected: a token for AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)");
    }

    @Test
    void tokenOfTheContainerGoesToNoOtherMachine() {
        container("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "//192.0.2.1/x");
        fails(AuthenticationException.class, "container: 192.0.2.1 (expected: https");
        container("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "");
        for (String address : List.of("http://192.0.2.1/x", "http://169.254.170.3/x", "http://[2001:db8::1]/x")) {
            container("AWS_CONTAINER_CREDENTIALS_FULL_URI", address);
            fails(
                    AuthenticationException.class,
                    "container: " + URI.create(address).getHost() + " (expected: https");
        }
    }

    @Test
    void nothingThatHoldsSecretsShowsThem() {
        keys("ENV");
        assertThat(machine.machine().toString()).doesNotContain("ENV");
        assertThat(new TextAnswer(200, "imds-token", ErrorDetails.NONE).toString())
                .doesNotContain("imds");
    }

    @Test
    void whatTheContainerRefusesIsSaid() {
        container("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
        server.enqueue(
                StubAnswer.json(403, "{\"code\":\"AccessDenied\",\"message\":\"no\"}"), StubAnswer.json("{\"a\":1}"));
        fails(AuthenticationException.class, "provider: no");
        fails(AuthenticationException.class, "container: no key");
    }

    @Test
    void lastTheMachine() {
        machine.env("AWS_EC2_METADATA_DISABLED", "false");
        server.enqueue(
                StubAnswer.text(200, "imds-token"), StubAnswer.text(200, "my-role\n"), StubAnswer.json(HOST_JSON));
        isLent(find());
        List<StubRequest> asked = server.requests();
        assertThat(asked.get(0).method()).isEqualTo("PUT");
        assertThat(asked.get(0).target()).isEqualTo("/latest/api/token");
        assertThat(asked.get(0).header("x-aws-ec2-metadata-token-ttl-seconds")).contains("21600");
        assertThat(asked.get(1).target()).isEqualTo("/latest/meta-data/iam/security-credentials/");
        assertThat(asked.get(2).target()).isEqualTo("/latest/meta-data/iam/security-credentials/my-role");
        assertThat(asked.subList(1, 3)).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.header("x-aws-ec2-metadata-token")).contains("imds-token");
        });
    }

    @Test
    void machineThatIsNotOfAwsHasNone() {
        machine.env("AWS_EC2_METADATA_DISABLED", "");
        server.enqueue(
                StubAnswer.hangUp(),
                StubAnswer.text(403, ""),
                StubAnswer.text(404, "<html>"),
                StubAnswer.text(200, "t"),
                StubAnswer.text(404, ""));
        for (int i = 0; i < 4; i++) {
            fails(AuthenticationException.class, "AWS credentials: none");
        }
        server.verify();
        server.close();
        fails(AuthenticationException.class, "AWS credentials: none");
    }

    @Test
    void machineThatFailsIsAnError() {
        machine.env("AWS_EC2_METADATA_DISABLED", "false")
                .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url("/").toString());
        server.enqueue(
                StubAnswer.text(500, "x"),
                StubAnswer.text(200, "t"),
                StubAnswer.text(200, "role"),
                StubAnswer.json(
                        "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot assume the role\"}"));
        fails(OverloadedException.class, "provider: no explanation");
        fails(
                AuthenticationException.class,
                "instance: AssumeRoleUnauthorizedAccess: EC2 cannot assume the role (expected: AccessKeyId");
        server.verify();
    }

    @Test
    void deadlineOfTheCallHoldsForKeysToo() {
        machine.env("AWS_EC2_METADATA_DISABLED", "false");
        server.enqueue(StubAnswer.silence());
        CallContext context = CallContext.builder()
                .deadline(Deadline.after(Duration.ofMillis(200)))
                .build();
        try (CredentialChain chain = chain()) {
            assertThat(catchThrowableOfType(TimedOutException.class, () -> chain.credentials(context)))
                    .isNotNull();
        }
    }

    @Test
    void addressesThatAreNoneAreRefused() {
        Machine broken = new Machine(Map.of("X", "http://[", "Y", " "), none -> null, URI.create("x"), URI.create("x"));
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> broken.address("X")))
                .hasMessageStartingWith("X: http://[ (expected: an address)");
        assertThat(broken.address("Y")).isEmpty();
    }
}

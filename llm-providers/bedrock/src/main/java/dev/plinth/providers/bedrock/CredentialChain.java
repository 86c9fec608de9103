package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.HttpTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The places where AWS's own tools look for a key, in their order. */
final class CredentialChain implements AwsCredentialsProvider, AutoCloseable {

    private static final String ROLE = "AWS_ROLE_ARN";
    private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";

    private final Machine machine;
    private final Sts sts;
    private final HostMetadata metadata = new HostMetadata();
    private final ProfileCredentials profiles;
    private final List<CredentialSource> places;

    CredentialChain(Machine machine, HttpTransport transport, TimeSource time, AwsRegion region) {
        this.machine = machine;
        this.sts = new Sts(machine, transport, time, region);
        CredentialSource environment = context -> CredentialSource.key(
                "environment",
                machine.variable("AWS_ACCESS_KEY_ID"),
                machine.variable("AWS_SECRET_ACCESS_KEY"),
                machine.variable("AWS_SESSION_TOKEN"));
        CredentialSource properties = context -> CredentialSource.key(
                "system properties",
                machine.property("aws.accessKeyId"),
                machine.property("aws.secretAccessKey"),
                machine.property("aws.sessionToken"));
        CredentialSource container = new ContainerCredentials(machine, metadata)::find;
        CredentialSource instance = new InstanceCredentials(machine, metadata)::find;
        this.profiles = new ProfileCredentials(
                machine,
                sts,
                Map.of("Environment", environment, "EcsContainer", container, "Ec2InstanceMetadata", instance));
        this.places = List.of(environment, properties, this::webIdentity, profiles::find, container, instance);
    }

    @Override
    public AwsCredentials credentials(CallContext context) {
        for (CredentialSource place : places) {
            Optional<AwsCredentials> found = place.find(context);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new AuthenticationException(
                "AWS credentials: none (expected: in the environment, system properties, a web identity token, profile "
                        + Profiles.defaultName(machine) + ", a container or an instance with a role)",
                ErrorDetails.NONE,
                null);
    }

    /** The key of one profile, and of no other place. */
    AwsCredentialsProvider profile(String name) {
        return context -> profiles.of(name, context);
    }

    private Optional<AwsCredentials> webIdentity(CallContext context) {
        Optional<String> file = machine.variable(TOKEN_FILE);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String role = machine.variable(ROLE)
                .orElseThrow(() -> new AuthenticationException(
                        ROLE + ": not set (expected: a role beside " + TOKEN_FILE + ")", ErrorDetails.NONE, null));
        String session = machine.variable("AWS_ROLE_SESSION_NAME").orElse("");
        return Optional.of(sts.byWebIdentity(role, session, Path.of(file.get()), context));
    }

    @Override
    public void close() {
        metadata.close();
    }
}

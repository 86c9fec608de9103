package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key that ECS and EKS hand to a container, at an address that the environment names. */
final class ContainerCredentials {

    private static final String RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private static final String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    private static final String SERVICE = "aws.container";
    private static final Set<String> AGENTS = Set.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]");

    private final Machine machine;
    private final HostMetadata metadata;

    ContainerCredentials(Machine machine, HostMetadata metadata) {
        this.machine = machine;
        this.metadata = metadata;
    }

    /** Empty: this is no such container. */
    Optional<AwsCredentials> find(CallContext context) {
        Optional<URI> address =
                machine.address(RELATIVE).map(machine.containers()::resolve).or(() -> machine.address(FULL));
        return address.map(url -> {
            if (!isTrusted(url)) {
                throw new AuthenticationException(
                        "container: " + url.getHost() + " (expected: https, or a host of the container's own)",
                        ErrorDetails.NONE,
                        null);
            }
            String token = token();
            Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", token);
            return metadata.get(url, headers, SERVICE, context).credentials("container");
        });
    }

    /** Over plain HTTP a token goes to no other machine. */
    private static boolean isTrusted(URI url) {
        String host = url.getHost();
        if (host == null || "https".equals(url.getScheme())) {
            return host != null;
        }
        try {
            return AGENTS.contains(host) || InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** Read each time: EKS writes a new one before the old one ends. */
    private @Nullable String token() {
        Optional<String> file = machine.variable(TOKEN_FILE);
        if (file.isEmpty()) {
            return machine.variable(TOKEN).orElse(null);
        }
        return AwsFile.read(Path.of(file.get()), "a token for " + TOKEN_FILE).strip();
    }
}

package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.error.TransportException;
import dev.plinth.providers.Percent;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The key of the role that a machine on EC2 has, from its metadata service (IMDS version 2, never 1). */
final class InstanceCredentials {

    private static final String SERVICE = "aws.imds";
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";
    private static final Map<String, String> LIFE = Map.of("X-aws-ec2-metadata-token-ttl-seconds", "21600");
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final Machine machine;
    private final HostMetadata metadata;

    InstanceCredentials(Machine machine, HostMetadata metadata) {
        this.machine = machine;
        this.metadata = metadata;
    }

    /** Empty: this is no such machine, or it has no role. */
    Optional<AwsCredentials> find(CallContext context) {
        if (machine.variable("AWS_EC2_METADATA_DISABLED")
                .filter("true"::equalsIgnoreCase)
                .isPresent()) {
            return Optional.empty();
        }
        URI base = machine.address("AWS_EC2_METADATA_SERVICE_ENDPOINT").orElse(machine.instances());
        TextAnswer token;
        try {
            token = metadata.put(base.resolve("/latest/api/token"), LIFE, SERVICE, context);
        } catch (TransportException | TimedOutException absent) {
            if (context.deadline().filter(deadline -> deadline.expired()).isPresent()) {
                throw absent;
            }
            return Optional.empty();
        }
        if (isAbsent(token)) {
            return Optional.empty();
        }
        Map<String, String> proof =
                Map.of("X-aws-ec2-metadata-token", required(token).strip());
        TextAnswer roles = metadata.get(base.resolve(ROLES), proof, SERVICE, context);
        if (isAbsent(roles)) {
            return Optional.empty();
        }
        String role = required(roles).strip().split("\\R", 2)[0].strip();
        TextAnswer key = metadata.get(base.resolve(ROLES + Percent.encode(role, "+=,@")), proof, SERVICE, context);
        return Optional.of(key.credentials("instance"));
    }

    private static boolean isAbsent(TextAnswer answer) {
        return answer.status() == FORBIDDEN || answer.status() == NOT_FOUND;
    }

    private static String required(TextAnswer answer) throws LlmException {
        if (!answer.succeeded()) {
            throw answer.error();
        }
        return answer.text();
    }
}

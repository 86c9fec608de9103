package dev.plinth.providers.bedrock;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The key of a profile: its own, that of a role it may take on, or what a program of its prints. */
final class ProfileCredentials {

    private static final Map<String, String> ROLE_FIELDS =
            Map.of("external_id", "ExternalId", "duration_seconds", "DurationSeconds");

    private final Machine machine;
    private final Sts sts;
    private final Map<String, CredentialSource> sources;

    /** @param sources what {@code credential_source} may name */
    ProfileCredentials(Machine machine, Sts sts, Map<String, CredentialSource> sources) {
        this.machine = machine;
        this.sts = sts;
        this.sources = sources;
    }

    /** The key of the profile that the environment names, else of the default one; empty: it has none. */
    Optional<AwsCredentials> find(CallContext context) {
        Profiles profiles = Profiles.read(machine);
        String name = Profiles.defaultName(machine);
        return Profiles.named(machine).isEmpty() && profiles.profile(name).isEmpty()
                ? Optional.empty()
                : new Search(profiles, context).find(name);
    }

    /** The key of this profile, which must have one. */
    AwsCredentials of(String name, CallContext context) {
        return new Search(Profiles.read(machine), context).required(name);
    }

    private static AuthenticationException refused(String name, String what, String expected) {
        return new AuthenticationException(
                "profile " + name + ": " + what + " (expected: " + expected + ")", ErrorDetails.NONE, null);
    }

    /** One walk from profile to profile. */
    private final class Search {
        private final Profiles profiles;
        private final CallContext context;
        private final Set<String> seen = new LinkedHashSet<>();

        Search(Profiles profiles, CallContext context) {
            this.profiles = profiles;
            this.context = context;
        }

        AwsCredentials required(String name) {
            return find(name)
                    .orElseThrow(() -> refused(name, "no key", "aws_access_key_id, role_arn or credential_process"));
        }

        Optional<AwsCredentials> find(String name) {
            Map<String, String> profile = profiles.profile(name)
                    .orElseThrow(() -> refused(name, "not there", "one in ~/.aws/config or ~/.aws/credentials"));
            boolean again = !seen.add(name);
            if (profile.containsKey("role_arn") && !again) {
                return Optional.of(ofRole(name, profile));
            }
            if (profile.containsKey("aws_access_key_id")) {
                return CredentialSource.key(
                        "profile " + name,
                        Optional.ofNullable(profile.get("aws_access_key_id")),
                        Optional.ofNullable(profile.get("aws_secret_access_key")),
                        Optional.ofNullable(profile.get("aws_session_token")));
            }
            if (again) {
                throw refused(name, "source_profile goes round " + seen, "one that ends at a key");
            }
            String process = profile.get("credential_process");
            if (process != null) {
                String system = machine.property("os.name").orElse("");
                return Optional.of(ProcessCredentials.run(process, system));
            }
            boolean login = profile.keySet().stream()
                    .anyMatch(setting -> setting.startsWith("sso_") || setting.equals("login_session"));
            if (login) {
                throw refused(
                        name,
                        "sign-in in a browser is not supported",
                        "credential_process = aws configure export-credentials --profile " + name);
            }
            return Optional.empty();
        }

        private AwsCredentials ofRole(String name, Map<String, String> profile) {
            String role = profile.getOrDefault("role_arn", "");
            String session = profile.getOrDefault("role_session_name", "");
            String tokenFile = profile.get("web_identity_token_file");
            if (tokenFile != null) {
                return sts.byWebIdentity(role, session, Path.of(tokenFile), context);
            }
            if (profile.containsKey("mfa_serial")) {
                throw refused(name, "mfa_serial is not supported", "a role that needs no code");
            }
            Map<String, String> more = new LinkedHashMap<>();
            ROLE_FIELDS.forEach((setting, field) -> {
                if (profile.containsKey(setting)) {
                    more.put(field, profile.getOrDefault(setting, ""));
                }
            });
            return sts.byKey(role, session, more, source(name, profile), context);
        }

        private AwsCredentials source(String name, Map<String, String> profile) {
            String other = profile.get("source_profile");
            if (other != null) {
                return required(other);
            }
            String source = profile.getOrDefault("credential_source", "");
            CredentialSource known = sources.get(source);
            if (known == null) {
                throw refused(
                        name,
                        "role_arn with credential_source '" + source + "'",
                        "source_profile, or one of " + sources.keySet());
            }
            return known.find(context)
                    .orElseThrow(() -> refused(name, "credential_source " + source + " has no key", "a key there"));
        }
    }
}

package dev.plinth.providers.bedrock;

import dev.plinth.api.check.Check;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What AWS settings are found on: the environment, the JVM's properties, and the home folder that they name. Blank
 * values count as not set.
 *
 * @param containers where containers on AWS are handed their keys
 * @param instances where machines on AWS are handed their keys
 */
record Machine(
        Map<String, String> environment, Function<String, @Nullable String> properties, URI containers, URI instances) {

    private static final URI CONTAINERS = URI.create("http://169.254.170.2");
    private static final URI INSTANCES = URI.create("http://169.254.169.254");

    /** This machine. */
    static Machine here() {
        return new Machine(System.getenv(), System::getProperty, CONTAINERS, INSTANCES);
    }

    /** An environment variable. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** A property of the JVM. */
    Optional<String> property(String name) {
        return Optional.ofNullable(properties.apply(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** An environment variable, or else a property. */
    Optional<String> setting(String variable, String property) {
        return variable(variable).or(() -> property(property));
    }

    /** An address in an environment variable. */
    Optional<URI> address(String variable) {
        return variable(variable).map(value -> {
            try {
                return URI.create(value);
            } catch (IllegalArgumentException broken) {
                throw new IllegalArgumentException(variable + ": " + value + " (expected: an address)", broken);
            }
        });
    }

    /** A file: where the variable says, else in {@code .aws} of the home folder. */
    Path awsFile(String variable, String name) {
        Optional<String> set = variable(variable);
        if (set.isPresent()) {
            String path = set.get();
            return path.startsWith("~/") ? home().resolve(path.substring(2)) : Path.of(path);
        }
        return home().resolve(".aws").resolve(name);
    }

    private Path home() {
        Optional<String> home =
                variable("HOME").or(() -> variable("USERPROFILE")).or(() -> property("user.home"));
        Check.that(home.isPresent(), "HOME", "not set", "the user's folder");
        return Path.of(home.get());
    }

    /** Hides the environment, which holds secrets. */
    @Override
    public String toString() {
        return "Machine[***]";
    }
}

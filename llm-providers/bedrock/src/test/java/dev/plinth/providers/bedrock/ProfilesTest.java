package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.error.AuthenticationException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {
    private static final URI NOWHERE = URI.create("http://localhost");

    @TempDir
    Path home;

    private Machine machine(String config, String credentials) {
        TestMachine.write(home.resolve(".aws/config"), config);
        TestMachine.write(home.resolve(".aws/credentials"), credentials);
        return new Machine(Map.of("HOME", home.toString()), none -> null, NOWHERE, NOWHERE);
    }

    @Test
    void sectionsOfTheTwoFilesAreCalledDifferently() {
        Profiles profiles = Profiles.read(machine(
                "[default]\na=1\n[profile b]\na=2\n[c]\na=3\n[sso-session d]\na=4\n", "[default]\nb=5\n[c]\na=6\n"));
        assertThat(profiles.profile("default")).contains(Map.of("a", "1", "b", "5"));
        assertThat(profiles.profile("b")).contains(Map.of("a", "2"));
        assertThat(profiles.profile("c")).contains(Map.of("a", "6"));
        assertThat(profiles.profile("d")).isEmpty();
        assertThat(profiles.profile("sso-session d")).isEmpty();
    }

    @Test
    void credentialsGoBeforeConfig() {
        assertThat(Profiles.read(machine("[default]\nx=config\n", "[default]\nx=credentials\n"))
                        .profile("default"))
                .contains(Map.of("x", "credentials"));
    }

    @Test
    void commentsNestedSettingsAndNonsenseArePassedOver() {
        String config =
                "x=0\r\n# c\r\n; c\r\n[profile  b ] # here\r\nkey = a=b # no\r\nhash=a#b;c\r\n  nested = 1\r\n\tnested = 2\r\n"
                        + "nothing\r\n= x\r\nempty =\r\n#key=2\r\n[broken\r\nz=1\r\n";
        assertThat(Profiles.read(machine(config, "")).profile("b"))
                .contains(Map.of("key", "a=b", "hash", "a#b;c", "empty", ""));
    }

    @Test
    void filesMayBeElsewhereOrNowhere() {
        TestMachine.write(home.resolve("mine"), "[default]\na=1\n");
        Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString(), "AWS_CONFIG_FILE", "~/mine"));
        Machine machine = new Machine(environment, none -> null, NOWHERE, NOWHERE);
        assertThat(Profiles.read(machine).profile("default")).contains(Map.of("a", "1"));
        environment.put("AWS_CONFIG_FILE", home.resolve("nowhere").toString());
        assertThat(Profiles.read(machine).profile("default")).isEmpty();
    }

    @Test
    void fileThatCannotBeReadIsAnError() throws IOException {
        Files.createDirectories(home.resolve(".aws/config"));
        Machine machine = new Machine(Map.of("HOME", home.toString()), none -> null, NOWHERE, NOWHERE);
        assertThat(catchThrowableOfType(AuthenticationException.class, () -> Profiles.read(machine)))
                .hasMessageContaining("config: cannot be read (expected: AWS profiles)");
    }

    @Test
    void nameComesFromTheEnvironment() {
        Map<String, String> environment = new HashMap<>();
        Map<String, String> properties = new HashMap<>();
        Machine machine = new Machine(environment, properties::get, NOWHERE, NOWHERE);
        assertThat(Profiles.defaultName(machine)).isEqualTo("default");
        properties.put("aws.profile", "p");
        assertThat(Profiles.defaultName(machine)).isEqualTo("p");
        environment.put("AWS_PROFILE", "e");
        assertThat(Profiles.defaultName(machine)).isEqualTo("e");
    }

    @Property(tries = 200)
    void noTextBreaksIt(@ForAll String text) throws IOException {
        Path file = Files.createTempFile("profiles", "");
        try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            Map<String, String> environment =
                    Map.of("AWS_CONFIG_FILE", file.toString(), "AWS_SHARED_CREDENTIALS_FILE", file.toString());
            Machine machine = new Machine(environment, none -> null, NOWHERE, NOWHERE);
            assertThat(Profiles.read(machine)).isNotNull();
        } finally {
            Files.delete(file);
        }
    }
}

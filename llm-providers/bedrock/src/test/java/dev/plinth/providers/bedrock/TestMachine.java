package dev.plinth.providers.bedrock;

import dev.plinth.api.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A machine with a home folder, an environment and services of a test's own. */
final class TestMachine {
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Path home;
    private final URI services;

    TestMachine(Path home, StubServer services) {
        this.home = home;
        this.services = services.url("/");
        environment.put("AWS_ENDPOINT_URL_STS", services.url("/sts").toString());
        properties.put("user.home", home.toString());
        properties.put("os.name", System.getProperty("os.name"));
    }

    TestMachine env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    TestMachine property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** A file in {@code .aws}. */
    TestMachine file(String name, String content) {
        write(home.resolve(".aws").resolve(name), content);
        return this;
    }

    static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Path home() {
        return home;
    }

    Machine machine() {
        return new Machine(environment, properties::get, services, services);
    }
}

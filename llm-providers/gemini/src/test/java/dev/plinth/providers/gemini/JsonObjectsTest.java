package dev.plinth.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonObjectsTest {

    private static JsonObjects of(String body, int maxBytes) {
        return new JsonObjects(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), maxBytes);
    }

    private static List<String> read(String body, int maxBytes) throws IOException {
        List<String> objects = new ArrayList<>();
        try (JsonObjects frames = of(body, maxBytes)) {
            while (frames.next()) {
                objects.add(frames.data());
            }
        }
        return objects;
    }

    @Test
    void objectsOfAnArray() throws IOException {
        assertThat(read("[{\"a\":\"}{\\\"\"}\n,\r\n{\"b\":{\"c\":1}}]", 100))
                .containsExactly("{\"a\":\"}{\\\"\"}", "{\"b\":{\"c\":1}}");
    }

    @Test
    void objectsHaveALimit() throws IOException {
        String hundred = "{" + " ".repeat(98) + "}";
        assertThat(read("[" + hundred + "," + hundred + "]", 100)).hasSize(2);
        assertThatThrownBy(() -> read("[" + hundred + "]", 99))
                .isInstanceOf(IOException.class)
                .hasMessage("object: over 99 bytes (expected: at most so many)");
        assertThatThrownBy(() -> read("{\"a\":\"" + "x".repeat(5_000), 4_096)).isInstanceOf(IOException.class);
    }
}

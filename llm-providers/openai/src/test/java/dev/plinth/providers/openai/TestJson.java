package dev.plinth.providers.openai;

import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON for tests. */
final class TestJson {
    static final ObjectMapper JSON = new ObjectMapper();

    private TestJson() {}
}

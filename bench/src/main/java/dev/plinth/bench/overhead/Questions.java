package dev.plinth.bench.overhead;

import java.util.List;
import java.util.stream.IntStream;

/** What is asked. */
final class Questions {
    static final String KEY = "sk-test-0000";
    static final String CHAT_MODEL = "gpt-4o-mini";
    static final String EMBEDDING_MODEL = "text-embedding-3-small";

    static final String PROMPT = "Tell me in about two hundred short words how light scatters in air. ".repeat(3);

    static final String TOOL = "get_weather";
    static final String TOOL_DESCRIPTION = "The weather in a city";
    static final String TOOL_SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"City\"},"
                    + "\"unit\":{\"type\":\"string\",\"enum\":[\"c\",\"f\"]}},\"required\":[\"city\",\"unit\"]}";

    /** 64 texts of about 170 characters. */
    static final List<String> TEXTS = IntStream.range(0, Answers.VECTORS)
            .mapToObj(i -> "Paragraph " + i + ". "
                    + "The blue end of the spectrum is scattered most, so the sky is blue at noon. ".repeat(2))
            .toList();

    private Questions() {}
}

package dev.plinth.api.tck;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Citation;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/** Answers that hold everything an answer can hold. */
final class Responses {
    private Responses() {}

    static List<ChatResponse> all() {
        List<ChatResponse> all = new ArrayList<>();
        all.add(ChatResponse.of("plain"));
        all.add(ChatResponse.of(""));
        all.add(ChatResponse.builder().build());
        all.add(full());
        for (FinishReason reason : FinishReason.values()) {
            all.add(ChatResponse.builder().finishReason(reason).build());
        }
        for (Usage.Source source : Usage.Source.values()) {
            all.add(ChatResponse.builder()
                    .usage(Usage.builder().output(0).source(source).build())
                    .build());
        }
        return all;
    }

    private static ChatResponse full() {
        List<Part> parts = List.of(
                new Part.Reasoning("because", "c2lnbmF0dXJl", "test"),
                new Part.Reasoning(""),
                new Part.Text("Line one\n\"quoted\" \\ 日本語 😀 \u2028"),
                new Part.Text(""),
                new Part.Image(Media.of(new byte[] {0, 1, -1, 127, -128}, "image/png"), "low"),
                new Part.Image(Media.of(URI.create("https://example.com/a.png?x=%20"), "image/png")),
                new Part.Audio(Media.of(new byte[] {1}, "audio/wav")),
                new Part.File(Media.of(new byte[] {2}, "application/pdf"), "a.pdf"),
                new Part.File(Media.of(new byte[] {3}, "application/pdf"), null),
                new ToolCall("call-1", "weather", "{\"city\":\"Oslo\",\"n\":12345678901234567890.10}"),
                new ToolCall("call-2", "broken", "{\"city\":"),
                new Part.Other("test", "citation", "{\"a\":[1,null]}"));
        Usage usage = Usage.builder()
                .input(1000)
                .cachedInput(900)
                .cacheWrite(20)
                .longCacheWrite(5)
                .output(Long.MAX_VALUE)
                .reasoning(7)
                .build();
        return ChatResponse.builder()
                .message(Message.assistant(parts))
                .finishReason(FinishReason.OTHER)
                .rawFinishReason("pause_turn")
                .usage(usage)
                .cost(new Cost(new BigDecimal("0.000120"), Currency.getInstance("EUR"), LocalDate.of(2026, 1, 31)))
                .id("resp-1")
                .requestId("req-1")
                .provider("openai")
                .model("gpt-x-2026-01-01")
                .cached(true)
                .raw("{\"raw\":true}")
                .serviceTier("flex")
                .citations(List.of(
                        new Citation(0, 4, "https://example.com/a", "A \"title\"", "words"),
                        new Citation(0, 0, "doc-1", null, null)))
                .logprobs(List.of(
                        new TokenLogprob("Line", -0.25, List.of(new TokenLogprob("A", -1.5, List.of()))),
                        new TokenLogprob("\n", Double.NEGATIVE_INFINITY, List.of())))
                .rateLimits(List.of(
                        new RateLimit("tokens", 1000L, 999L, Duration.ofMillis(1500)),
                        new RateLimit("requests", null, null, null)))
                .build();
    }
}

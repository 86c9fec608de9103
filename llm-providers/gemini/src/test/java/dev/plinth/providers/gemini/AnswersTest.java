package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.candidate;
import static dev.plinth.providers.gemini.Answers.json;
import static dev.plinth.providers.gemini.Answers.last;
import static dev.plinth.providers.gemini.Answers.text;
import static dev.plinth.providers.gemini.Answers.usage;
import static dev.plinth.providers.gemini.Served.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.TokenLogprob;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.usage.Usage;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private static Part.Reasoning signed(String text, String signature) {
        return new Part.Reasoning(text, signature, Gemini.PROTOCOL);
    }

    private static List<Part> parts(String... parts) {
        return chat(last(parts)).message().parts();
    }

    /** What is read, sent back. */
    private static void staysAsItIs(String... parts) {
        assertThat(Written.contents(chat(last(parts)).message()).at("/0/parts"))
                .isEqualTo(json("[" + String.join(",", parts) + "]"));
    }

    @Test
    void plainAnswer() {
        ChatResponse response = chat(last(text("Hi "), text("there")));
        assertThat(response.text()).isEqualTo("Hi there");
        assertThat(response.message().parts()).containsExactly(new Part.Text("Hi there"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.rawFinishReason()).contains("STOP");
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
        assertThat(response.id()).contains("r-1");
        assertThat(response.model()).contains("m-dated");
        assertThat(response.provider()).contains("gcp.gemini");
    }

    @Test
    void thoughtsAreReasoning() {
        ChatResponse response = chat(
                last("{\"text\":\"First, \",\"thought\":true}", "{\"thought\":true,\"text\":\"think.\"}", text("42")));
        assertThat(response.reasoning()).isEqualTo("First, think.");
        assertThat(response.text()).isEqualTo("42");
        assertThat(response.message().parts())
                .containsExactly(new Part.Reasoning("First, think."), new Part.Text("42"));
    }

    @Test
    void signatureStandsBeforeThePartThatCarriesIt() {
        assertThat(parts(
                        "{\"text\":\"hm\",\"thought\":true}",
                        "{\"text\":\"a\"}",
                        "{\"thoughtSignature\":\"s1\",\"text\":\"b\"}",
                        "{\"text\":\"c\"}",
                        "{\"functionCall\":{\"name\":\"f\",\"args\":{}},\"thoughtSignature\":\"s2\"}",
                        "{\"functionCall\":{\"id\":\"c2\",\"name\":\"g\",\"args\":{\"n\":1}}}"))
                .containsExactly(
                        new Part.Reasoning("hm"),
                        new Part.Text("a"),
                        signed("", "s1"),
                        new Part.Text("b"),
                        new Part.Text("c"),
                        signed("", "s2"),
                        new ToolCall("call_unnamed_0", "f", "{}"),
                        new ToolCall("c2", "g", "{\"n\":1}"));
    }

    @Test
    void whatIsReadGoesBackAsItCame() {
        staysAsItIs(
                "{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":0.10}},\"thoughtSignature\":\"s1\"}",
                "{\"functionCall\":{\"name\":\"f\",\"args\":{}}}");
        staysAsItIs(text("a"), "{\"text\":\"b\",\"thoughtSignature\":\"s\"}", text("c"));
        staysAsItIs(text("a"), "{\"text\":\"\",\"thoughtSignature\":\"s\"}");
        staysAsItIs("{\"text\":\"\",\"thoughtSignature\":\"s\"}", text("a"));
        staysAsItIs("{\"text\":\"hm\",\"thought\":true,\"thoughtSignature\":\"s\"}", text("a"));
        staysAsItIs("{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\"s\"}", text("a"));
        staysAsItIs(
                "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"},\"thoughtSignature\":\"s\"}",
                "{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\",\"output\":\"1\"}}",
                "{\"toolCall\":{\"id\":\"t\",\"toolType\":\"GOOGLE_SEARCH_WEB\",\"args\":{\"q\":[1.50]}}}");
        staysAsItIs(
                "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AQID\"},\"thoughtSignature\":\"s\"}",
                "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AQID\"},\"thought\":true}",
                "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"not base64\"}}");
    }

    @Test
    void signatureOfThoughtsMayComeAfterThem() {
        assertThat(parts(
                        "{\"text\":\"hm\",\"thought\":true}",
                        "{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\"s\"}",
                        text("a")))
                .containsExactly(signed("hm", "s"), new Part.Text("a"));
    }

    @Test
    void picturesSoundAndFiles() {
        assertThat(parts(
                        "{\"inlineData\":{\"data\":\"AQID\",\"mimeType\":\"image/png\"}}",
                        "{\"inlineData\":{\"mimeType\":\"audio/L16;rate=24000\",\"data\":\"AQID\"}}",
                        "{\"fileData\":{\"mimeType\":\"video/mp4\",\"fileUri\":\"gs://b/v\"}}"))
                .containsExactly(
                        new Part.Image(Media.of(new byte[] {1, 2, 3}, "image/png")),
                        new Part.Audio(Media.of(new byte[] {1, 2, 3}, "audio/l16;rate=24000")),
                        new Part.File(Media.of(URI.create("gs://b/v"), "video/mp4"), null));
    }

    @Test
    void kindsThatAreNotKnownAreKept() {
        assertThat(parts("{\"hologram\":{\"a\":[1.10]},\"partMetadata\":{\"k\":1}}", "{\"text\":\"a\",\"newer\":7}"))
                .containsExactly(
                        new Part.Other("gemini", "hologram", "{\"hologram\":{\"a\":[1.10]}}"), new Part.Text("a"));
    }

    @Test
    void callsDecideTheFinish() {
        ChatResponse response = chat(last("{\"functionCall\":{\"name\":\"f\"}}"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.rawFinishReason()).contains("STOP");
        assertThat(response.toolCalls()).containsExactly(new ToolCall("call_unnamed_0", "f", "{}"));
    }

    /** A call that was not allowed, or one too many, is no call to make. */
    @Test
    void callsOfAnAnswerThatBrokeOffDoNotDecide() {
        for (String reason : List.of("UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_FUNCTION_CALL")) {
            ChatResponse response = chat(candidate("\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]},"
                    + "\"finishReason\":\"" + reason + "\",\"finishMessage\":\"m\""));
            assertThat(response.finishReason()).as(reason).isEqualTo(FinishReason.ERROR);
            assertThat(response.rawFinishReason()).contains(reason);
            assertThat(response.toolCalls()).hasSize(1);
        }
        assertThat(chat(candidate("\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]},"
                                + "\"finishReason\":\"CONTINUATION\""))
                        .finishReason())
                .isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void argumentsMayBeOfAnyShape() {
        assertThat(chat(last(
                                "{\"functionCall\":{\"args\":{\"n\":12345678901234567890,\"d\":1.10},\"name\":\"f\"}}",
                                "{\"functionCall\":{\"name\":\"f\",\"args\":null}}",
                                "{\"functionCall\":{\"name\":\"f\",\"args\":\"{\\\"a\\\":1}\"}}",
                                "{\"functionCall\":{\"args\":{\"a\":2}}}",
                                "{\"functionCall\":null}"))
                        .toolCalls()
                        .stream()
                        .map(ToolCall::arguments))
                .containsExactly("{\"n\":12345678901234567890,\"d\":1.10}", "{}", "{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void finishReasons() {
        Map.ofEntries(
                        Map.entry("\"STOP\"", FinishReason.STOP),
                        Map.entry("\"MAX_TOKENS\"", FinishReason.LENGTH),
                        Map.entry("\"SAFETY\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"RECITATION\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"BLOCKLIST\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"PROHIBITED_CONTENT\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"SPII\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"MODEL_ARMOR\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"IMAGE_SAFETY\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"IMAGE_PROHIBITED_CONTENT\"", FinishReason.CONTENT_FILTER),
                        Map.entry("\"MALFORMED_FUNCTION_CALL\"", FinishReason.ERROR),
                        Map.entry("\"MALFORMED_RESPONSE\"", FinishReason.ERROR),
                        Map.entry("\"UNEXPECTED_TOOL_CALL\"", FinishReason.ERROR),
                        Map.entry("\"TOO_MANY_TOOL_CALLS\"", FinishReason.ERROR),
                        Map.entry("\"CONTINUATION\"", FinishReason.OTHER),
                        Map.entry("12", FinishReason.ERROR),
                        Map.entry("13", FinishReason.ERROR),
                        Map.entry("\"FUNCTION_CALL\"", FinishReason.TOOL_CALLS),
                        Map.entry("\"LANGUAGE\"", FinishReason.OTHER),
                        Map.entry("\"OTHER\"", FinishReason.OTHER),
                        Map.entry("\"NO_IMAGE\"", FinishReason.OTHER),
                        Map.entry("1", FinishReason.STOP),
                        Map.entry("2", FinishReason.LENGTH),
                        Map.entry("3", FinishReason.CONTENT_FILTER),
                        Map.entry("10", FinishReason.ERROR),
                        Map.entry("99", FinishReason.OTHER),
                        Map.entry("123", FinishReason.OTHER))
                .forEach((wire, reason) -> {
                    ChatResponse response = chat(candidate("\"content\":{},\"finishReason\":" + wire));
                    assertThat(response.finishReason()).as(wire).isEqualTo(reason);
                    assertThat(response.rawFinishReason()).contains(json(wire).asText());
                });
        assertThat(chat(candidate("\"content\":{\"parts\":[{\"text\":\"a\"}]}")).rawFinishReason())
                .isEmpty();
    }

    @Test
    void blockedPromptIsAnAnswerWithoutContent() {
        for (String reason : List.of("SAFETY", "OTHER", "MODEL_ARMOR", "BRAND_NEW")) {
            ChatResponse response = chat("{\"promptFeedback\":{\"blockReason\":\"" + reason
                    + "\",\"safetyRatings\":[]},\"usageMetadata\":{\"promptTokenCount\":8,\"totalTokenCount\":8}}");
            assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
            assertThat(response.rawFinishReason()).contains(reason);
            assertThat(response.text()).isEmpty();
            assertThat(response.usage()).isEqualTo(Usage.of(8, 0));
        }
        String rated = "{\"promptFeedback\":{\"safetyRatings\":[{}]},"
                + last(text("Hi")).substring(1);
        assertThat(chat(rated).finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void contentMayBeMissing() {
        for (String content : List.of(
                "",
                "\"content\":{},",
                "\"content\":{\"role\":\"model\"},",
                "\"content\":null,",
                "\"content\":{\"parts\":null},",
                "\"content\":{\"parts\":[null,7,{}]},")) {
            ChatResponse response = chat(candidate(content + "\"finishReason\":\"MAX_TOKENS\""));
            assertThat(response.message().parts()).isEmpty();
            assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void answersOfNoneAreErrors() {
        for (String body : List.of("{\"candidates\":[]}", "{\"candidates\":null}", "{\"usageMetadata\":{}}", "{}")) {
            assertThatThrownBy(() -> chat(body)).as(body).isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void onlyTheFirstCandidateIsTheAnswer() {
        assertThat(chat("{\"candidates\":[null,{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"},"
                                + "{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"MAX_TOKENS\"}]}")
                        .text())
                .isEqualTo("a");
    }

    @Test
    void usageCountsThoughtsAsOutputAndToolsAsInput() {
        Usage usage = chat(usage("\"promptTokenCount\":10,\"cachedContentTokenCount\":4,\"toolUsePromptTokenCount\":6,"
                        + "\"candidatesTokenCount\":3,\"thoughtsTokenCount\":5,\"totalTokenCount\":24"))
                .usage();
        assertThat(usage)
                .isEqualTo(Usage.builder()
                        .input(16)
                        .cachedInput(4)
                        .output(8)
                        .reasoning(5)
                        .build());
    }

    @Test
    void countsOfZeroAreLeftOut() {
        assertThat(chat(usage("\"promptTokenCount\":8,\"totalTokenCount\":8")).usage())
                .isEqualTo(Usage.of(8, 0));
        assertThat(chat(usage("\"promptTokenCount\":8,\"thoughtsTokenCount\":50,\"totalTokenCount\":58"))
                        .usage())
                .isEqualTo(Usage.builder().input(8).output(50).reasoning(50).build());
        assertThat(chat(usage("\"promptTokenCount\":8,\"thoughtsTokenCount\":50"))
                        .usage()
                        .output())
                .hasValue(50);
        Usage unsaid = chat(usage("\"promptTokenCount\":8")).usage();
        assertThat(unsaid.input()).hasValue(8);
        assertThat(unsaid.output()).isEmpty();
    }

    @Test
    void usageThatSaysNothingIsUnknown() {
        for (String counts : List.of("", "\"trafficType\":\"ON_DEMAND\"", "\"promptTokenCount\":\"8\"")) {
            assertThat(chat(usage(counts)).usage()).as(counts).isEqualTo(Usage.UNKNOWN);
        }
    }

    @Test
    void tierOfService() {
        assertThat(chat(usage("\"promptTokenCount\":8,\"serviceTier\":\"flex\""))
                        .serviceTier())
                .contains("flex");
        assertThat(chat(usage("\"trafficType\":\"ON_DEMAND_FLEX\"")).serviceTier())
                .contains("ON_DEMAND_FLEX");
    }

    @Test
    void probabilities() {
        String token = "{\"token\":\"a\",\"tokenId\":1,\"logProbability\":-0.5}";
        List<TokenLogprob> tokens = chat(candidate("\"logprobsResult\":{\"topCandidates\":[{\"candidates\":[" + token
                        + ",{\"token\":\"b\",\"logProbability\":-2}]},{}],\"chosenCandidates\":[" + token
                        + ",{\"token\":\"c\"},{\"token\":\"d\",\"logProbability\":\"-Infinity\"}]},"
                        + "\"content\":{\"parts\":[{\"text\":\"acd\"}]},\"finishReason\":\"STOP\""))
                .logprobs();
        TokenLogprob first = new TokenLogprob("a", -0.5, List.of());
        assertThat(tokens)
                .containsExactly(
                        new TokenLogprob("a", -0.5, List.of(first, new TokenLogprob("b", -2, List.of()))),
                        new TokenLogprob("c", 0, List.of()),
                        new TokenLogprob("d", Double.NEGATIVE_INFINITY, List.of()));
    }

    @Test
    void anArrayIsReadAsOneAnswer() {
        ChatResponse response = chat("[" + Answers.chunk(text("Hi ")) + ",\n" + last(text("there")) + "]");
        assertThat(response.text()).isEqualTo("Hi there");
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
    }
}

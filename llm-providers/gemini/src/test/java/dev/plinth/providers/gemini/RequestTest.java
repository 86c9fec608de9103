package dev.plinth.providers.gemini;

import static dev.plinth.providers.gemini.Answers.json;
import static dev.plinth.providers.gemini.Written.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.error.UnsupportedCapabilityException;
import dev.plinth.api.option.OptionKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTest {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"],"
                    + "\"additionalProperties\":false}";
    private static final ToolSpec TOOL = new ToolSpec("weather", "The weather", SCHEMA);

    private static ChatRequest.Builder hi() {
        return ChatRequest.builder().user("Hi");
    }

    private static JsonNode config(ChatRequest.Builder request) {
        return body(request).get("generationConfig");
    }

    @Test
    void leastRequest() {
        assertThat(body(hi())).isEqualTo(json("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}"));
    }

    @Test
    void samplingAndLimits() {
        ChatRequest.Builder request = hi().temperature(0.2)
                .topP(0.9)
                .maxOutputTokens(50)
                .stop("END", "FIN")
                .seed(-7)
                .option(Gemini.TOP_K, 5)
                .option(Gemini.PRESENCE_PENALTY, 0.1)
                .option(Gemini.FREQUENCY_PENALTY, -0.5);
        assertThat(config(request))
                .isEqualTo(json("{\"temperature\":0.2,\"topP\":0.9,\"topK\":5,\"seed\":-7,\"presencePenalty\":0.1,"
                        + "\"frequencyPenalty\":-0.5,\"maxOutputTokens\":50,\"stopSequences\":[\"END\",\"FIN\"]}"));
    }

    @Test
    void seedIsAnInt() {
        assertThatThrownBy(() -> body(hi().seed(1L << 31)))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        error -> assertThat(error.capability()).isEqualTo("seed-range"));
    }

    @Test
    void probabilities() {
        assertThat(config(hi().logprobs(3))).isEqualTo(json("{\"responseLogprobs\":true,\"logprobs\":3}"));
        assertThat(config(hi().logprobs(0))).isEqualTo(json("{\"responseLogprobs\":true}"));
    }

    @Test
    void formats() {
        assertThat(config(hi().responseFormat(ResponseFormat.JSON)))
                .isEqualTo(json("{\"responseMimeType\":\"application/json\"}"));
        ResponseFormat format = new ResponseFormat.Schema("place", SCHEMA, true);
        assertThat(config(hi().responseFormat(format)))
                .isEqualTo(json("{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":" + SCHEMA + "}"));
    }

    @Test
    void whatTheServerDoesNotEnforceIsToldToTheModel() {
        ResponseFormat format = new ResponseFormat.Schema(
                "n", "{\"type\":\"integer\",\"multipleOf\":3,\"oneOf\":[{\"const\":3}]}", true);
        assertThat(config(hi().responseFormat(format)).get("responseJsonSchema"))
                .isEqualTo(json("{\"type\":\"integer\",\"anyOf\":[{\"enum\":[3]}],\"description\":\"multipleOf: 3\"}"));
    }

    @Test
    void olderVersionsHearOpenApi() {
        ToolSpec tool = new ToolSpec(
                "f",
                "F",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/A\"}},\"additionalProperties\":false,"
                        + "\"$defs\":{\"A\":{\"type\":[\"string\",\"null\"]}}}");
        ChatRequest request = hi().tool(tool)
                .responseFormat(new ResponseFormat.Schema("s", "{\"type\":\"string\"}", true))
                .build();
        JsonNode body = body(request, ModelPath.GEMINI_API, Schemas.OPEN_API);
        assertThat(body.at("/tools/0/functionDeclarations/0/parameters"))
                .isEqualTo(
                        json("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"nullable\":true}}}"));
        assertThat(body.at("/generationConfig/responseSchema")).isEqualTo(json("{\"type\":\"string\"}"));
    }

    @Test
    void tools() {
        assertThat(body(hi().tool(TOOL)).get("tools"))
                .isEqualTo(json("[{\"functionDeclarations\":[{\"name\":\"weather\",\"description\":\"The weather\","
                        + "\"parametersJsonSchema\":" + SCHEMA + "}]}]"));
        String servers = "[{\"googleSearch\":{}},{\"codeExecution\":{}}]";
        assertThat(body(hi().option(Gemini.SERVER_TOOLS, servers)).get("tools")).isEqualTo(json(servers));
        assertThat(body(hi().tool(TOOL).option(Gemini.SERVER_TOOLS, servers)).get("tools"))
                .hasSize(3);
    }

    @Test
    void choices() {
        ChatRequest.Builder request = hi().tool(TOOL);
        assertThat(body(request).has("toolConfig")).isFalse();
        assertThat(mode(request.toolChoice(ToolChoice.NONE))).isEqualTo(json("{\"mode\":\"NONE\"}"));
        assertThat(mode(request.toolChoice(ToolChoice.REQUIRED))).isEqualTo(json("{\"mode\":\"ANY\"}"));
        assertThat(mode(request.toolChoice(ToolChoice.tool("weather"))))
                .isEqualTo(json("{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"weather\"]}"));
        request.option(Gemini.STRICT_TOOLS, true);
        assertThat(mode(request.toolChoice(ToolChoice.AUTO))).isEqualTo(json("{\"mode\":\"VALIDATED\"}"));
    }

    @Test
    void moreIsSaidOfTools() {
        String more = "{\"includeServerSideToolInvocations\":true}";
        ChatRequest.Builder request = hi().option(Gemini.TOOL_CONFIG, more);
        assertThat(body(request).get("toolConfig")).isEqualTo(json(more));
        assertThat(mode(request.tool(TOOL).toolChoice(ToolChoice.REQUIRED))).isEqualTo(json("{\"mode\":\"ANY\"}"));
        assertThat(body(request)
                        .at("/toolConfig/includeServerSideToolInvocations")
                        .asBoolean())
                .isTrue();
        refused(Gemini.TOOL_CONFIG, "{\"functionCallingConfig\":{}}", "[]");
    }

    private static JsonNode mode(ChatRequest.Builder request) {
        return body(request).at("/toolConfig/functionCallingConfig");
    }

    @Test
    void effortsAreLevelsOrBudgets() {
        Map<ReasoningEffort, List<Object>> expected = Map.of(
                ReasoningEffort.NONE, List.of("\"MINIMAL\"", 0),
                ReasoningEffort.MINIMAL, List.of("\"MINIMAL\"", 1024),
                ReasoningEffort.LOW, List.of("\"LOW\"", 1024),
                ReasoningEffort.MEDIUM, List.of("\"MEDIUM\"", 8192),
                ReasoningEffort.HIGH, List.of("\"HIGH\"", 24576),
                ReasoningEffort.XHIGH, List.of("\"HIGH\"", 24576),
                ReasoningEffort.MAX, List.of("\"HIGH\"", 24576));
        for (ReasoningEffort effort : ReasoningEffort.values()) {
            List<Object> said = expected.get(effort);
            ChatRequest.Builder request = hi().reasoningEffort(effort);
            for (String model : List.of("gemini-3.8-flash", "publishers/google/models/gemini-3-pro", "tunedModels/x")) {
                assertThat(config(request.model(model)))
                        .isEqualTo(json("{\"thinkingConfig\":{\"thinkingLevel\":" + said.get(0) + "}}"));
            }
            for (String model : List.of("gemini-2.5-flash", "models/gemini-2.0-flash")) {
                assertThat(config(request.model(model)))
                        .isEqualTo(json("{\"thinkingConfig\":{\"thinkingBudget\":" + said.get(1) + "}}"));
            }
        }
    }

    @Test
    void thoughtsMayBeShownAndTheirBudgetSet() {
        assertThat(config(hi().option(Gemini.INCLUDE_THOUGHTS, true).option(Gemini.THINKING_BUDGET, 128)))
                .isEqualTo(json("{\"thinkingConfig\":{\"includeThoughts\":true,\"thinkingBudget\":128}}"));
        assertThatThrownBy(() -> body(hi().reasoningEffort(ReasoningEffort.LOW).option(Gemini.THINKING_BUDGET, 128)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("gemini.thinking_budget: 128");
    }

    @Test
    void safetyCacheAndTier() {
        JsonNode body = body(hi().serviceTier("flex")
                .option(Gemini.CACHED_CONTENT, "cachedContents/x")
                .option(
                        Gemini.SAFETY_SETTINGS,
                        new SafetySettings(
                                Map.of("HARM_CATEGORY_HARASSMENT", "BLOCK_NONE", "HARM_CATEGORY_HATE_SPEECH", "OFF"))));
        assertThat(body.get("safetySettings"))
                .isEqualTo(json("[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"},"
                        + "{\"category\":\"HARM_CATEGORY_HATE_SPEECH\",\"threshold\":\"OFF\"}]"));
        assertThat(body.get("cachedContent").asText()).isEqualTo("cachedContents/x");
        assertThat(body.get("serviceTier").asText()).isEqualTo("flex");
        assertThatThrownBy(() -> new SafetySettings(Map.of("HARM_CATEGORY_HARASSMENT", " ")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moreFieldsAreAddedButNeverTwice() {
        JsonNode body = body(hi().temperature(1)
                .option(Gemini.GENERATION_CONFIG, "{\"responseModalities\":[\"IMAGE\"]}")
                .option(Gemini.EXTRA_BODY, "{\"labels\":{\"team\":\"search\"}}"));
        assertThat(body.get("generationConfig"))
                .isEqualTo(json("{\"temperature\":1.0,\"responseModalities\":[\"IMAGE\"]}"));
        assertThat(body.get("labels")).isEqualTo(json("{\"team\":\"search\"}"));
        refused(Gemini.GENERATION_CONFIG, "{\"candidateCount\":2}", "{\"temperature\":1}", "[]", "{", "nonsense");
        refused(Gemini.EXTRA_BODY, "{\"contents\":[]}", "{\"generationConfig\":{}}", "7");
        refused(Gemini.SERVER_TOOLS, "{}", "[1]", "[{}", "nonsense");
    }

    private static void refused(OptionKey<String> key, String... values) {
        for (String value : values) {
            assertThatThrownBy(() -> body(hi().option(key, value)))
                    .as(value)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(key.name() + ": ")
                    .hasMessageNotContaining("nonsense");
        }
    }
}

package dev.plinth.providers.anthropic;

import static dev.plinth.providers.anthropic.Bodies.is;
import static dev.plinth.providers.anthropic.Bodies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.ToolChoice;
import dev.plinth.api.chat.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTest {
    private static final ToolSpec WEATHER = new ToolSpec(
            "weather",
            "The weather",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"minLength\":1}}}");

    private static ChatRequest.Builder hi() {
        return ChatRequest.builder().user("Hi");
    }

    @Test
    void leastRequest() {
        is(Bodies.of(hi()), "{'model':'m','max_tokens':1000,'messages':[{'role':'user','content':'Hi'}]}");
    }

    @Test
    void settings() {
        JsonNode body = Bodies.of(
                hi().model("other")
                        .maxOutputTokens(7)
                        .temperature(0.5)
                        .topP(0.25)
                        .option(Anthropic.TOP_K, 5)
                        .stop("END", "STOP")
                        .serviceTier("standard_only")
                        .userId("u1"),
                ApiVersion.V2023_06_01);
        is(
                body,
                "{'model':'other','max_tokens':7,'messages':[{'role':'user','content':'Hi'}],'temperature':0.5,"
                        + "'top_p':0.25,'top_k':5,'stop_sequences':['END','STOP'],'service_tier':'standard_only',"
                        + "'metadata':{'user_id':'u1'}}");
    }

    @Test
    void streamsSaySo() {
        assertThat(Bodies.streamed(hi()).get("stream").asBoolean()).isTrue();
        assertThat(Bodies.of(hi()).has("stream")).isFalse();
    }

    @Test
    void newVersionTakesNoSampling() {
        refused(hi().temperature(1), "temperature");
        refused(hi().topP(0.5), "top-p");
        refused(hi().option(Anthropic.TOP_K, 5), "top-k");
        assertThatThrownBy(() -> Bodies.of(hi().temperature(0.2)))
                .hasMessageContaining("temperature: 0.2 (expected: none under API version 2026-10-21");
    }

    @Test
    void temperaturesAboveOneHaveNoWords() {
        refused(hi().temperature(1.5), ApiVersion.V2023_06_01, "temperature-range");
    }

    @Test
    void tools() {
        JsonNode body = Bodies.of(hi().tool(WEATHER).tool(new ToolSpec("now", "", "{\"type\":\"object\"}")));
        is(
                body.get("tools"),
                "[{'name':'weather','description':'The weather','input_schema':{'type':'object','properties':{'city':"
                        + "{'type':'string','minLength':1}}}},{'name':'now','input_schema':{'type':'object'}}]");
        assertThat(body.has("tool_choice")).isFalse();
    }

    @Test
    void strictToolsHaveASchemaThatIsEnforced() {
        is(
                Bodies.of(hi().tool(WEATHER).option(Anthropic.STRICT_TOOLS, true))
                        .at("/tools/0"),
                "{'name':'weather','description':'The weather','input_schema':{'type':'object','properties':{'city':"
                        + "{'type':'string','description':'minLength: 1'}},'additionalProperties':false},'strict':true}");
    }

    @Test
    void choices() {
        ChatRequest.Builder request = hi().tool(WEATHER);
        Map<ToolChoice, String> choices = Map.of(
                ToolChoice.NONE,
                "{'type':'none'}",
                ToolChoice.REQUIRED,
                "{'type':'any'}",
                ToolChoice.tool("weather"),
                "{'type':'tool','name':'weather'}");
        choices.forEach(
                (choice, expected) -> is(Bodies.of(request.toolChoice(choice)).get("tool_choice"), expected));
    }

    @Test
    void oneToolAtATimeIsPartOfTheChoice() {
        ChatRequest.Builder request = hi().tool(WEATHER).parallelToolCalls(false);
        is(Bodies.of(request).get("tool_choice"), "{'type':'auto','disable_parallel_tool_use':true}");
        is(
                Bodies.of(request.toolChoice(ToolChoice.REQUIRED)).get("tool_choice"),
                "{'type':'any','disable_parallel_tool_use':true}");
        is(Bodies.of(request.toolChoice(ToolChoice.NONE)).get("tool_choice"), "{'type':'none'}");
        is(
                Bodies.of(hi().tool(WEATHER).parallelToolCalls(true)).get("tool_choice"),
                "{'type':'auto','disable_parallel_tool_use':false}");
    }

    @Test
    void toolsOfTheServerComeFirst() {
        String search = "[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":2}]";
        is(
                Bodies.of(hi().option(Anthropic.SERVER_TOOLS, search)).get("tools"),
                "[{'type':'web_search_20250305','name':'web_search','max_uses':2}]");
        JsonNode both = Bodies.of(hi().tool(WEATHER).option(Anthropic.SERVER_TOOLS, search))
                .get("tools");
        assertThat(both.findValuesAsText("name")).containsExactly("web_search", "weather");
        for (String wrong : List.of("{}", "[1]", "[{\"a\":", "nonsense", "[{}")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> Bodies.of(hi().option(Anthropic.SERVER_TOOLS, wrong)))
                    .withMessageStartingWith("anthropic.server_tools: ")
                    .withMessageNotContaining("nonsense");
        }
    }

    @Test
    void schemaOfTheAnswerIsBroughtDownToWhatIsEnforced() {
        ResponseFormat.Schema schema = new ResponseFormat.Schema(
                "person",
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"properties\":"
                        + "{\"age\":{\"type\":\"integer\",\"minimum\":0},\"born\":{\"type\":\"string\",\"format\":\"date\"}},"
                        + "\"required\":[\"age\"]}",
                true);
        is(
                Bodies.of(hi().responseFormat(schema).reasoningEffort(ReasoningEffort.LOW))
                        .get("output_config"),
                "{'effort':'low','format':{'type':'json_schema','schema':{'type':'object','properties':{'age':{'type':"
                        + "'integer','description':'minimum: 0'},'born':{'type':'string','format':'date'}},'required':"
                        + "['age'],'additionalProperties':false}}}");
    }

    @Test
    void effortTurnsThinkingOnOrOff() {
        JsonNode low = Bodies.of(hi().reasoningEffort(ReasoningEffort.MINIMAL));
        is(low.get("thinking"), "{'type':'adaptive'}");
        is(low.get("output_config"), "{'effort':'low'}");
        for (ReasoningEffort effort : List.of(
                ReasoningEffort.LOW,
                ReasoningEffort.MEDIUM,
                ReasoningEffort.HIGH,
                ReasoningEffort.XHIGH,
                ReasoningEffort.MAX)) {
            assertThat(Bodies.of(hi().reasoningEffort(effort))
                            .at("/output_config/effort")
                            .asText())
                    .isEqualToIgnoringCase(effort.name());
        }
        JsonNode none = Bodies.of(hi().reasoningEffort(ReasoningEffort.NONE));
        is(none.get("thinking"), "{'type':'disabled'}");
        assertThat(none.has("output_config")).isFalse();
    }

    @Test
    void optionsOfThinkingGoBeforeTheEffort() {
        JsonNode budget = Bodies.of(hi().option(Anthropic.THINKING_BUDGET, 2048)
                .option(Anthropic.THINKING_DISPLAY, "omitted")
                .reasoningEffort(ReasoningEffort.HIGH));
        is(budget.get("thinking"), "{'type':'enabled','budget_tokens':2048,'display':'omitted'}");
        is(budget.get("output_config"), "{'effort':'high'}");
        JsonNode off = Bodies.of(hi().option(Anthropic.THINKING, false).reasoningEffort(ReasoningEffort.LOW));
        is(off.get("thinking"), "{'type':'disabled'}");
        is(off.get("output_config"), "{'effort':'low'}");
        is(Bodies.of(hi().option(Anthropic.THINKING, true)).get("thinking"), "{'type':'adaptive'}");
    }

    @Test
    void budgetIsAddedToTheTokensOfTheAnswerUnlessTheRequestSaysHowMany() {
        ChatRequest.Builder request = hi().option(Anthropic.THINKING_BUDGET, 2048);
        assertThat(Bodies.of(request).get("max_tokens").asInt()).isEqualTo(3048);
        assertThat(Bodies.of(request.maxOutputTokens(4000)).get("max_tokens").asInt())
                .isEqualTo(4000);
    }

    @Test
    void thinkingThatContradictsItselfIsRefused() {
        for (ChatRequest.Builder wrong : List.of(
                hi().option(Anthropic.THINKING_BUDGET, 1023),
                hi().option(Anthropic.THINKING_BUDGET, 2048).option(Anthropic.THINKING, true),
                hi().option(Anthropic.THINKING_BUDGET, 2048).reasoningEffort(ReasoningEffort.NONE),
                hi().option(Anthropic.THINKING, true).reasoningEffort(ReasoningEffort.NONE),
                hi().option(Anthropic.THINKING_DISPLAY, "omitted"),
                hi().option(Anthropic.THINKING, false).option(Anthropic.THINKING_DISPLAY, "omitted"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bodies.of(wrong))
                    .withMessageContaining("(expected: ");
        }
    }

    @Test
    void cacheOfToolsAndSystemPrompt() {
        JsonNode body = Bodies.of(ChatRequest.builder()
                .system("Be brief")
                .user("Hi")
                .tool(WEATHER)
                .option(Anthropic.CACHE_TOOLS, Duration.ofHours(1))
                .option(Anthropic.CACHE_SYSTEM, Duration.ofMinutes(5)));
        is(body.at("/tools/0/cache_control"), "{'type':'ephemeral','ttl':'1h'}");
        is(body.get("system"), "[{'type':'text','text':'Be brief','cache_control':{'type':'ephemeral','ttl':'5m'}}]");
        assertThat(Bodies.of(hi().option(Anthropic.CACHE_TOOLS, Duration.ofHours(1)))
                        .has("tools"))
                .isFalse();
    }

    @Test
    void onlyWhatIsInputIsCounted() {
        JsonNode body = Bodies.counted(ChatRequest.builder()
                .system("Be brief")
                .user("Hi")
                .tool(WEATHER)
                .maxOutputTokens(5)
                .stop("END")
                .userId("u1")
                .option(Anthropic.EXTRA_BODY, "{\"x\":1}")
                .option(Anthropic.THINKING_BUDGET, 1024));
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("model", "system", "messages", "tools", "thinking");
    }

    @Test
    void extraFieldsAreAddedButNeverTwice() {
        JsonNode body = Bodies.of(hi().option(Anthropic.EXTRA_BODY, "{\"inference_geo\":\"us\",\"container\":\"c\"}"));
        assertThat(body.get("inference_geo").asText()).isEqualTo("us");
        assertThat(body.get("container").asText()).isEqualTo("c");
        for (String wrong : List.of("[1]", "{\"temperature\":1}", "{\"thinking\":{}}", "{\"a\":", "nonsense")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> Bodies.of(hi().option(Anthropic.EXTRA_BODY, wrong)))
                    .withMessageStartingWith("anthropic.extra_body: ");
        }
    }
}

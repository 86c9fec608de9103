package dev.plinth.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.error.LlmException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a server says is read as far as it goes, or is an error like any other. */
class JunkTest {
    private static final List<String> VALUES = List.of(
            "null",
            "7",
            "-1",
            "1.5",
            "1e999",
            "99999999999999999999",
            "true",
            "\"AAAA\"",
            "\"\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[{\"type\":\"text\"}]",
            "{\"error\":{}}");

    private static final String COMPLETION =
            "{'id':'c-1','model':'m','service_tier':'default','choices':[{'index':0,'finish_reason':'stop',"
                    + "'logprobs':{'content':[{'token':'A','logprob':-0.5,'top_logprobs':[]}]},'message':{'role':'assistant',"
                    + "'content':[{'type':'thinking','thinking':[{'type':'text','text':'why'}]},{'type':'text','text':'A'}],"
                    + "'refusal':null,'reasoning':'hm','reasoning_details':[{'type':'reasoning.text','text':'hm'}],"
                    + "'annotations':[{'type':'url_citation','url_citation':{'start_index':0,'end_index':1,'url':'u'}}],"
                    + "'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'},'extra_content':"
                    + "{'google':{'thought_signature':'s'}}}],'function_call':{'name':'g','arguments':{}}}}],"
                    + "'usage':{'prompt_tokens':9,'completion_tokens':3,'prompt_tokens_details':{'cached_tokens':1}}}";

    private static final String ITEMS =
            "[{'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'hm'}],'content':[]},"
                    + "{'type':'message','id':'msg_1','content':[{'type':'output_text','text':'A','annotations':"
                    + "[{'type':'url_citation','start_index':0,'end_index':1,'url':'u'}],'logprobs':[]},"
                    + "{'type':'refusal','refusal':'No'}]},"
                    + "{'type':'function_call','id':'fc_1','call_id':'a','name':'f','arguments':'{}'},"
                    + "{'type':'web_search_call','id':'ws_1'}]";

    private static final String RESPONSE =
            "{'id':'resp_1','model':'m','status':'completed','error':null,'incomplete_details':{'reason':null},'output':"
                    + ITEMS
                    + ",'usage':{'input_tokens':9,'input_tokens_details':{'cached_tokens':1},'output_tokens':3}}";

    private static final String EMBEDDING =
            "{'object':'list','model':'m','data':[{'index':0,'embedding':[1,2]}],'usage':{'prompt_tokens':1}}";

    @Property(tries = 500)
    void completions(@ForAll long seed) {
        Random random = new Random(seed);
        String whole = changed(COMPLETION, random);
        readsOrFails(() -> Served.chat(whole));
        String delta = COMPLETION.replace("'message'", "'delta'");
        String[] chunks = {changed(delta, random), changed(delta, random), changed(delta, random)};
        readsOrFails(() -> drained(Served.stream(chunks)));
    }

    @Property(tries = 500)
    void responses(@ForAll long seed) {
        Random random = new Random(seed);
        String whole = changed(RESPONSE, random);
        readsOrFails(() -> Served.response(whole));
        String[] events = {
            changed("{'type':'response.created','response':{'id':'resp_1','status':'in_progress'}}", random),
            changed(event("response.output_text.delta", "'delta':'A'"), random),
            changed(event("response.output_item.added", "'item':{'type':'function_call','name':'f'}"), random),
            changed(event("response.function_call_arguments.delta", "'delta':'{}'"), random),
            changed(event("response.output_item.done", "'item':{'type':'message','content':'A'}"), random),
            changed(event("response.output_text.annotation.added", "'annotation':{'url':'u'}"), random),
            changed("{'type':'response.completed','response':" + RESPONSE + "}", random)
        };
        readsOrFails(() -> drained(Served.responseStream(events)));
    }

    private static String event(String type, String fields) {
        return "{'type':'" + type + "','output_index':1,'item_id':'i'," + fields + "}";
    }

    @Property(tries = 300)
    void embeddings(@ForAll long seed) {
        String body = changed(EMBEDDING, new Random(seed));
        readsOrFails(() -> Served.embedding(body));
    }

    @Property(tries = 100)
    void textThatIsNoJson(@ForAll String junk) {
        readsOrFails(() -> Served.chat(junk));
        readsOrFails(() -> drained(Served.stream(junk)));
        readsOrFails(() -> Served.response(junk));
        readsOrFails(() -> drained(Served.responseStream(junk)));
        readsOrFails(() -> Served.embedding(junk));
    }

    /** Any other exception fails the test. */
    private static void readsOrFails(Runnable call) {
        try {
            call.run();
        } catch (LlmException error) {
            assertThat(error.getMessage()).isNotBlank();
        }
    }

    private static ChatResponse drained(ChatStream stream) {
        StringBuilder text = new StringBuilder();
        ChatResponse response = stream.onText(text::append).response();
        assertThat(response.text()).isEqualTo(text.toString());
        return response;
    }

    /** The same JSON with a few of its values replaced, said twice or left out, and at times cut. */
    private static String changed(String json, Random random) {
        JsonNode root = tree(json.replace('\'', '"'));
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<JsonNode> places = new ArrayList<>();
            collect(root, places);
            change(places.get(random.nextInt(places.size())), random);
        }
        String text = root.toString();
        return random.nextInt(10) == 0 ? text.substring(0, random.nextInt(text.length())) : text;
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
        if (node.isContainerNode()) {
            places.add(node);
            node.forEach(child -> collect(child, places));
        }
    }

    private static void change(JsonNode place, Random random) {
        JsonNode value = tree(VALUES.get(random.nextInt(VALUES.size())));
        if (place instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), value);
        } else if (place instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        }
    }

    private static JsonNode tree(String json) {
        try {
            return TestJson.JSON.readTree(json);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}

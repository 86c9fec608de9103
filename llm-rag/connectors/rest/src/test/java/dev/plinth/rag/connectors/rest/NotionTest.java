package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.testkit.StubAnswer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the documentation of Notion says. */
class NotionTest {
    private final StubApi api = new StubApi();
    private String newest = "";

    private static String page(String id, String edited) {
        return "{'object':'page','id':'" + id + "','last_edited_time':'" + edited
                + "','archived':false,'url':'https://www.notion.so/" + id
                + "','properties':{'State':{'type':'select','select':null},'Name':{'type':'title','title':[{'plain_text':'On '},{'plain_text':'boarding'}]}}}";
    }

    private static String text(String kind, String id, boolean children, String... words) {
        StringBuilder all = new StringBuilder();
        for (String word : words) {
            all.append(all.isEmpty() ? "" : ",")
                    .append("{'type':'text','plain_text':'" + word + "','annotations':{'bold':true}}");
        }
        return "{'object':'block','id':'" + id + "','has_children':" + children + ",'type':'" + kind + "','" + kind
                + "':{'rich_text':[" + all + "],'color':'default'}}";
    }

    private static StubAnswer list(String next, String... results) {
        return StubApi.json("{'object':'list','results':[" + String.join(",", results) + "],'next_cursor':"
                + (next.isEmpty() ? "null" : "'" + next + "'") + ",'has_more':" + !next.isEmpty() + "}");
    }

    @BeforeEach
    void serve() {
        api.on("/v1/search", call -> {
            assertThat(call.request().header("notion-version")).contains("2022-06-28");
            JsonNode body = call.body();
            assertThat(body.at("/filter/value").asText()).isEqualTo("page");
            assertThat(body.at("/page_size").isIntegralNumber()).isTrue();
            StubAnswer answer = switch (body.path("start_cursor").asText()) {
                case "" ->
                    newest.isEmpty()
                            ? list("c2", page("p1", "2026-01-05T10:00:00.000Z"), page("p2", "2026-01-04T10:00:00.000Z"))
                            : list("c2", newest, page("p1", "2026-01-05T10:00:00.000Z"));
                case "c2" -> list("c3", page("p3", "2026-01-03T10:00:00.000Z"));
                default -> list("", page("p4", "2026-01-02T10:00:00.000Z"));
            };
            return answer.header("Date", "Mon, 05 Jan 2026 12:00:00 GMT");
        });
        api.on("/v1/pages/p1", call -> StubApi.json(page("p1", "2026-01-05T10:00:00.000Z")));
        api.on("/v1/blocks/p1/children", call -> switch (call.get("start_cursor")) {
            case "" ->
                list("b2", text("heading_1", "x1", false, "First ", "day"), text("paragraph", "x2", true, "Bring:"));
            case "b2" ->
                list("b3", "{'id':'x5','has_children':true,'type':'child_page','child_page':{'title':'Other'}}");
            default -> list("", text("quote", "x6", false, "Welcome"));
        });
        api.on(
                "/v1/blocks/x2/children",
                call -> list("", text("to_do", "x3", true, "a passport"), text("to_do", "x4", false, "a pen")));
        api.on("/v1/blocks/x3/children", call -> list("", text("paragraph", "x7", false, "valid for a year")));
        api.on("/v1/blocks/x5/children", call -> list("", text("paragraph", "x8", false, "never read")));
    }

    @AfterEach
    void close() {
        api.close();
    }

    private RestConnector pages() {
        return RestConnector.of(ApiTemplate.notion(), api.url("/v1"))
                .bearer(() -> StubApi.SECRET)
                .pageSize(2)
                .build();
    }

    @Test
    void listsAllPagesAndThenOnlyTheNewest() {
        Lists all = Lists.of(pages(), null);
        assertThat(all.ids()).containsExactly("p1", "p2", "p3", "p4");
        assertThat(all.pages()).isEqualTo(3);
        assertThat(all.complete()).as("the search is not exhaustive").isFalse();
        newest = page("p4", "2026-01-06T10:00:00.000Z");
        int before = api.asked().size();
        Lists changes = Lists.of(pages(), all.since());
        assertThat(changes.ids()).containsExactly("p4");
        assertThat(api.asked().size() - before).as("stops at what was known").isEqualTo(1);
    }

    @Test
    void pageThatTheSearchWasLateWithIsFound() {
        String since = Lists.of(pages(), null).since(); // of 12:00
        newest = page("p5", "2026-01-05T11:10:00.000Z");
        assertThat(Lists.of(pages(), since).ids()).containsExactly("p5");
    }

    @Test
    void onlyPagesInTheBinAreGone() {
        String binned = page("p8", "2026-01-05T11:50:00.000Z").replace("'archived':false", "'archived':true");
        String trashed =
                page("p9", "2026-01-05T11:50:00.000Z").replace("'archived':false", "'archived':false,'in_trash':true");
        newest = binned + "," + trashed;
        Lists all = Lists.of(pages(), null);
        assertThat(all.ids()).containsExactly("p1", "p3", "p4");
        assertThat(all.removed()).containsExactly("p8", "p9");
        assertThat(Lists.of(pages(), all.since()).removed()).containsExactly("p8", "p9");
    }

    @Test
    void pageIsItsBlocksAndThoseInside() {
        Document document = pages().fetch(new Item("p1", "1"));
        assertThat(document.title()).isEqualTo("On boarding");
        assertThat(document.text())
                .isEqualTo("First day\n\nBring:\n\na passport\n\nvalid for a year\n\na pen\n\nWelcome");
        assertThat(document.source()).isEqualTo("https://www.notion.so/p1");
        assertThat(document.readers()).as("Notion does not say who may read").isEqualTo(Readers.NOBODY);
    }

    @Test
    void pageInTheBinIsNotThere() {
        api.on("/v1/pages/p2", call -> StubApi.json("{'object':'page','id':'p2','archived':true}"));
        assertThatThrownBy(() -> pages().fetch(new Item("p2", "1"))).isInstanceOf(StoreException.class);
    }

    @Test
    void blocksThatHoldThemselvesEnd() {
        api.on("/v1/blocks/", call -> list("", text("toggle", "again", true, "round")));
        api.on("/v1/blocks/p1/children", call -> list("", text("toggle", "again", true, "round")));
        assertThatThrownBy(() -> pages().fetch(new Item("p1", "1")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("blocks");
    }

    @Test
    void documentFormatOfAtlassianIsBlocksToo() throws Exception {
        JsonNode document = StubApi.JSON.readTree(
                ("{'type':'doc','version':1,'content':[{'type':'heading','attrs':{'level':2},'content':[{'type':'text','text':'Steps'}]},"
                                + "{'type':'paragraph','content':[{'type':'text','text':'Open the ','marks':[{'type':'strong'}]},{'type':'text','text':'valve','marks':[{'type':'link','attrs':{'href':'x'}}]},{'type':'hardBreak'}]},"
                                + "{'type':'bulletList','content':[{'type':'listItem','content':[{'type':'paragraph','content':[{'type':'text','text':'slowly'}]}]}]}]}")
                        .replace('\'', '"'));
        assertThat(BlockText.of(document, "text")).isEqualTo(List.of("Steps", "Open the valve", "slowly"));
    }
}

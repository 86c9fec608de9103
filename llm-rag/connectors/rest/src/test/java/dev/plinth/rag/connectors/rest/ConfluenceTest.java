package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.rag.connectors.web.HtmlParser;
import dev.plinth.rag.split.StructureSplitter;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the documentation of Confluence Cloud says. */
class ConfluenceTest {
    private static final String OPEN = restricted("", "");

    private static final String RESTRICTIONS = "/wiki/rest/api/content/%s/restriction/byOperation/read";

    private final StubApi api = new StubApi();

    static String restricted(String users, String groups) {
        return "{'read':{'operation':'read','restrictions':{'user':{'results':[" + users
                + "],'size':1},'group':{'results':[" + groups + "],'size':1}}}}";
    }

    private static String page(int id, String when, String restrictions, String ancestors) {
        return ("{'id':'" + id + "','type':'page','status':'current','title':'Page " + id + "','version':{'number':"
                        + id
                        + ",'when':'" + when + "'},'restrictions':" + restrictions + ",'ancestors':[" + ancestors
                        + "],'space':{'key':'HR'},'metadata':{'labels':{'results':[{'name':'leave'},{'name':'policy'}]}},"
                        + "'body':{'view':{'value':'<h1>Leave</h1><p>Page " + id
                        + " tells of <b>leave</b>.</p><table><tbody><tr><th>Days</th><th>Who</th></tr>"
                        + "<tr><td>30</td><td>all</td></tr></tbody></table>'}},'_links':{'base':'https://x.example/wiki','webui':'/spaces/HR/pages/"
                        + id
                        + "'}}")
                .replace('\'', '"');
    }

    @BeforeEach
    void serve() {
        api.authorization("Basic cmVhZGVyOnMzY3JldC10MGtlbg==");
        api.on("/wiki/rest/api/content/search", call -> {
            if (call.get("cql").contains("2026-01-04")) {
                return search("", page(3, "2026-01-06T10:00:00.000Z", OPEN, ""));
            }
            return switch (call.get("cursor")) {
                case "" ->
                    search(
                            "two",
                            page(1, "2026-01-01T10:00:00.000Z", OPEN, ""),
                            page(2, "2026-01-02T10:00:00.000Z", OPEN, ""));
                case "two" ->
                    search(
                            "three",
                            page(3, "2026-01-03T10:00:00.000Z", OPEN, ""),
                            page(4, "2026-01-04T10:00:00.000Z", OPEN, ""));
                default -> search("", page(5, "2026-01-05T10:00:00.000Z", OPEN, ""));
            };
        });
    }

    private StubAnswer search(String next, String... pages) {
        String link = next.isEmpty()
                ? ""
                : ",\"next\":\"/rest/api/content/search?next=true&cursor=" + next + "&limit=2&cql=type%3Dpage\"";
        return StubAnswer.json("{\"results\":[" + String.join(",", pages)
                        + "],\"limit\":2,\"_links\":{\"base\":\"https://x.example/wiki\",\"context\":\"/wiki\"" + link
                        + "}}")
                .header("Date", "Mon, 05 Jan 2026 12:00:00 GMT");
    }

    @AfterEach
    void close() {
        api.close();
    }

    private RestConnector wiki() {
        return RestConnector.of(ApiTemplate.confluence(), api.url("/wiki"))
                .basic("reader", () -> StubApi.SECRET)
                .parameter("cql", "space = HR")
                .parser(HtmlParser.ofEverything())
                .readers(Readers.of("group:staff"))
                .pageSize(2)
                .build();
    }

    @Test
    void listsAllPagesAndThenWhatHasChanged() {
        Lists all = Lists.of(wiki(), null);
        assertThat(all.ids()).containsExactly("1", "2", "3", "4", "5");
        assertThat(all.pages()).isEqualTo(3);
        assertThat(all.complete()).isTrue();
        assertThat(api.server().requests().get(0).target())
                .contains("cql=%28space%20%3D%20HR%29%20and%20lastmodified%20%3E%3D%20%221970-01-01%22");
        assertThat(api.server().requests().get(1).target())
                .startsWith("/wiki/rest/api/content/search?next=true&cursor=two");

        Lists changes = Lists.of(wiki(), all.since());
        assertThat(changes.ids()).as("since the day before the list").containsExactly("3");
        assertThat(changes.complete()).isFalse();
    }

    @Test
    void pageIsADocument() {
        api.on("/wiki/rest/api/content/3", call -> StubAnswer.json(page(3, "2026-01-03T10:00:00.000Z", OPEN, "")));
        RestConnector wiki = wiki();
        Document document = wiki.fetch(Lists.of(wiki, null).item("3"));
        assertThat(document.title()).isEqualTo("Page 3");
        assertThat(document.source()).isEqualTo("https://x.example/wiki/spaces/HR/pages/3");
        assertThat(document.text())
                .isEqualTo("# Leave\n\nPage 3 tells of leave.\n\n| Days | Who |\n| --- | --- |\n| 30 | all |");
        assertThat(document.metadata().text("space")).contains("HR");
        assertThat(document.metadata().get("labels")).contains(Value.of(Set.of("leave", "policy")));
        assertThat(document.metadata().get(Document.MODIFIED))
                .contains(Value.of(Instant.parse("2026-01-03T10:00:00Z").toEpochMilli()));
        assertThat(StructureSplitter.create().split(document).get(0).headings()).contains("Leave");
    }

    @Test
    void restrictionsOfAPageAndOfThoseAboveItCount() {
        String hr = restricted("{'accountId':'a1'},{'accountId':'a2'}", "{'name':'hr'}");
        String some = restricted("{'accountId':'a2'},{'accountId':'a3'}", "");
        String inside = "{'id':'8','title':'Home'},{'id':'9','title':'Team'}";
        above("8", OPEN);
        above("9", OPEN);
        assertThat(readers(OPEN, "")).isEqualTo(Readers.of("group:staff"));
        assertThat(readers(OPEN, inside)).isEqualTo(Readers.of("group:staff"));
        assertThat(readers(hr, inside)).isEqualTo(Readers.of("user:a1", "user:a2", "group:hr"));
        above("9", some);
        assertThat(readers(hr, inside)).isEqualTo(Readers.of("user:a2"));
        assertThat(readers(OPEN, inside)).isEqualTo(Readers.of("user:a2", "user:a3"));
        above("9", restricted("{'accountId':'a9'}", ""));
        assertThat(readers(some, inside)).as("nobody is in both").isEqualTo(Readers.NOBODY);
        for (int status : new int[] {403, 404}) {
            api.on(RESTRICTIONS.formatted("9"), call -> StubAnswer.json(status, "{}"));
            assertThat(readers(OPEN, inside)).as("not said").isEqualTo(Readers.NOBODY);
        }
        assertThat(readers("{'_expandable':{}}", "")).as("not said either").isEqualTo(Readers.NOBODY);
        assertThat(readers(restricted("{'type':'unknown','displayName':'Former user'}", ""), ""))
                .as("for somebody, who knows for whom")
                .isEqualTo(Readers.NOBODY);
    }

    @Test
    void whoMayReadIsPartOfTheVersion() {
        String inside = "{'id':'9','title':'Team'}";
        api.on(
                "/wiki/rest/api/content/search",
                call -> search(
                        "",
                        page(1, "2026-01-01T10:00:00.000Z", OPEN, inside),
                        page(2, "2026-01-01T10:00:00.000Z", OPEN, inside)));
        above("9", OPEN);
        Lists before = Lists.of(wiki(), null);
        assertThat(api.asked())
                .filteredOn(target -> target.contains("byOperation"))
                .as("asked once")
                .hasSize(1);
        above("9", restricted("{'accountId':'a9'}", ""));
        assertThat(Lists.of(wiki(), null).item("1").version())
                .isNotEqualTo(before.item("1").version());
    }

    private void above(String id, String restrictions) {
        String read = restrictions.substring("{'read':".length(), restrictions.length() - 1);
        api.on(RESTRICTIONS.formatted(id), call -> StubApi.json(read));
    }

    private Readers readers(String own, String ancestors) {
        api.on(
                "/wiki/rest/api/content/1",
                call -> StubAnswer.json(page(1, "2026-01-01T10:00:00.000Z", own, ancestors)));
        RestConnector wiki = wiki();
        return wiki.fetch(Lists.of(wiki, null).item("1")).readers();
    }
}

package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.rag.connectors.web.HtmlParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the documentation of Jira Cloud says. */
class JiraTest {
    private final StubApi api = new StubApi();
    private String secret = "";

    private static String issue(int id, String updated, String security) {
        return "{'id':'" + id + "','key':'OPS-" + id + "','fields':{'updated':'" + updated + "'" + security + "}}";
    }

    @BeforeEach
    void serve() {
        api.authorization("Basic cmVhZGVyOnMzY3JldC10MGtlbg==");
        api.on("/rest/api/3/search/jql", call -> {
            if (!call.get("jql").contains("1970-01-01")) {
                assertThat(call.get("jql"))
                        .isEqualTo("(project = OPS) AND updated >= \"2026-01-01\" ORDER BY created ASC");
                return StubApi.json("{'issues':[" + issue(2, "2026-01-09T09:00:00.000+0100", "") + ","
                        + issue(3, "2026-01-09T09:30:00.000+0100", ",'security':{'id':'10'}") + "],'isLast':true}");
            }
            StubAnswer answer = switch (call.get("nextPageToken")) {
                case "" ->
                    StubApi.json("{'issues':[" + issue(1, "2026-01-01T09:00:00.000+0100", "")
                            + "],'nextPageToken':'p2','isLast':false}");
                case "p2" ->
                    StubApi.json("{'issues':[" + issue(2, "2026-01-02T09:00:00.000+0100", "")
                            + "],'nextPageToken':'p3','isLast':false}");
                default ->
                    StubApi.json("{'issues':[" + issue(3, "2026-01-02T08:00:00.000+0100", secret) + "],'isLast':true}");
            };
            return answer.header("Date", "Fri, 02 Jan 2026 12:00:00 GMT");
        });
        api.on(
                "/rest/api/3/issue/2",
                call -> StubApi.json(
                        "{'id':'2','key':'OPS-2','fields':{'summary':'Pump fails','updated':'2026-01-02T09:00:00.000+0100','status':{'name':'Open'},"
                                + "'project':{'key':'OPS'},'issuetype':{'name':'Bug'},'labels':['pump','water']},'renderedFields':{'description':'<p>It <em>stops</em>.</p>',"
                                + "'comment':{'comments':[{'body':'<p>Seen too.</p>'},{'body':'<p>For the team.</p>','visibility':{'type':'role','value':'Administrators'}},{'body':'<p>Internal.</p>','jsdPublic':false}]}}}"));
    }

    @AfterEach
    void close() {
        api.close();
    }

    private RestConnector issues() {
        return RestConnector.of(ApiTemplate.jira(), api.url("/"))
                .basic("reader", () -> StubApi.SECRET)
                .parameter("jql", "project = OPS")
                .parser(HtmlParser.ofEverything())
                .readers(Readers.of("group:ops"))
                .build();
    }

    @Test
    void listsAllPagesAndThenWhatHasChanged() {
        Lists all = Lists.of(issues(), null);
        assertThat(all.ids()).containsExactly("1", "2", "3");
        assertThat(all.pages()).isEqualTo(3);
        Lists changes = Lists.of(issues(), all.since());
        assertThat(changes.ids()).containsExactly("2");
        assertThat(changes.removed())
                .as("has a security level now, of which nobody says who is in it")
                .containsExactly("3");
        assertThat(changes.item("2").version()).isNotEqualTo(all.item("2").version());
    }

    @Test
    void issueIsADocumentWithoutCommentsWhichHaveReadersOfTheirOwn() {
        Document document = issues().fetch(new Item("2", "1"));
        assertThat(document.title()).isEqualTo("OPS-2 Pump fails");
        assertThat(document.text()).isEqualTo("It stops.");
        assertThat(document.source()).isEqualTo(api.url("/browse/OPS-2").toString());
        assertThat(document.readers()).isEqualTo(Readers.of("group:ops"));
        assertThat(document.metadata().text("status")).contains("Open");
    }

    @Test
    void issueWithASecurityLevelIsLeftOut() {
        secret = ",'security':{'id':'10'}";
        assertThat(Lists.of(issues(), null).ids()).containsExactly("1", "2");
        api.on(
                "/rest/api/3/issue/3",
                call -> StubApi.json("{'id':'3','key':'OPS-3','fields':{'security':{'id':'10'}}}"));
        assertThatThrownBy(() -> issues().fetch(new Item("3", "1"))).isInstanceOf(StoreException.class);
    }
}

package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.api.testkit.StubServer;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the documentation of Microsoft Graph says. */
class SharePointTest {
    private static final String DRIVE = "/v1.0/drives/d1";
    private static final String CHANGES = DRIVE + "/root/delta"; // the root folder of a drive, in Graph's words

    private final StubApi api = new StubApi();
    private final StubServer store = StubServer.start();
    private String permissions = "";

    private static String file(String id, int tag) {
        return "{'id':'" + id + "','name':'" + id + ".md','eTag':'{" + id + "}," + tag
                + "','webUrl':'https://x.sharepoint.com/" + id + ".md',"
                + "'lastModifiedDateTime':'2026-01-02T10:00:00Z','file':{'mimeType':'text/markdown'},'parentReference':{'path':'/drive/root:/HR'}}";
    }

    private StubAnswer delta(String next, String... items) {
        return StubApi.json("{'value':[" + String.join(",", items) + "],'"
                + (next.startsWith("latest") ? "@odata.deltaLink" : "@odata.nextLink") + "':'"
                + api.url(CHANGES + "?token=" + next) + "'}");
    }

    @BeforeEach
    void serve() {
        api.on(CHANGES, call -> switch (call.get("token")) {
            case "" -> delta("t2", "{'id':'root','name':'root','folder':{'childCount':2}}", file("f1", 1));
            case "t2" -> delta("t3", file("f2", 1));
            case "t3" -> delta("latest1", file("f3", 1));
            case "latest1" -> delta("t4", file("f1", 2));
            case "t4" -> delta("latest2", "{'id':'f2','deleted':{'state':'deleted'}}");
            default -> StubApi.json("{'error':{'code':'resyncRequired'}}").status(410);
        });
        api.on(DRIVE + "/items/f1", call -> StubApi.json(file("f1", 2)));
        api.on(
                DRIVE + "/items/f1/permissions",
                call -> call.get("$skiptoken").isEmpty()
                        ? StubApi.json(
                                "{'value':[{'roles':['read'],'grantedToV2':{'user':{'id':'u1'}}},{'roles':['read'],'link':{'scope':'anonymous'}}],'@odata.nextLink':'"
                                        + api.url(DRIVE + "/items/f1/permissions?$skiptoken=2") + "'}")
                        : StubApi.json(
                                "{'value':[{'grantedToV2':{'group':{'id':'g1'}}},{'grantedToIdentitiesV2':[{'user':{'id':'u2'}}]}"
                                        + permissions + "]}"));
        api.on(
                DRIVE + "/items/",
                call -> call.request().path().endsWith("/permissions")
                        ? StubApi.json("{'value':[]}")
                        : StubAnswer.json(404, "{}"));
        api.on(
                DRIVE + "/items/f1/content",
                call -> StubAnswer.text(302, "")
                        .header("Location", store.url("/download?tempauth=x").toString()));
        store.otherwise(request -> StubAnswer.of(
                200, "text/markdown", "# Leave\n\nThirty days.".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @AfterEach
    void close() {
        api.close();
        store.close();
    }

    private RestConnector files() {
        return RestConnector.of(ApiTemplate.sharePoint(), api.url(DRIVE))
                .bearer(() -> StubApi.SECRET)
                .pageSize(2)
                .build();
    }

    @Test
    void listsAllPagesAndThenWhatHasChangedAndGone() {
        Lists all = Lists.of(files(), null);
        assertThat(all.ids()).containsExactly("f1", "f2", "f3");
        assertThat(all.pages()).isEqualTo(3);
        assertThat(all.complete()).isTrue();
        Lists changes = Lists.of(files(), all.since());
        assertThat(changes.ids()).containsExactly("f1");
        assertThat(changes.removed()).containsExactly("f2");
        assertThat(changes.complete()).isFalse();
        assertThat(changes.item("f1").version()).isNotEqualTo(all.item("f1").version());
    }

    @Test
    void filesThatAreNotReadAreNamedBeforeAnybodyIsAskedForTheirReaders() {
        api.on(
                CHANGES,
                call -> delta(
                        "latest1",
                        file("f1", 1).replace(".md", ".exe").replace("text/markdown", "application/octet-stream")));
        int before = api.server().requests().size();
        Connector.Page page = files().list(null);
        assertThat(page.items()).isEmpty();
        assertThat(page.skipped()).containsExactly(new Connector.Skipped("f1", "no kind of file that is read"));
        assertThat(api.server().requests()).hasSize(before + 1);
    }

    @Test
    void storageThatRefusesIsAnErrorOfOneFile() {
        store.otherwise(request -> StubAnswer.text(401, ""));
        assertThatThrownBy(() -> files().fetch(new Connector.Item("f1", "1")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("401");
    }

    @Test
    void fileThatGoesWhileEverythingIsListedIsGone() {
        api.on(
                CHANGES,
                call -> call.get("token").isEmpty()
                        ? delta("t2", file("f1", 1), file("f2", 1))
                        : delta("latest1", "{'id':'f1','deleted':{'state':'deleted'}}"));
        Lists all = Lists.of(files(), null);
        assertThat(all.complete()).isTrue();
        assertThat(all.removed()).containsExactly("f1");
    }

    @Test
    void ofAFileThatIsNamedTwiceTheLastCounts() {
        String gone = "{'id':'%s','deleted':{'state':'deleted'}}";
        api.on(
                CHANGES,
                call -> delta(
                        "latest1",
                        file("f1", 1),
                        file("f2", 1),
                        gone.formatted("f3"),
                        file("f1", 2),
                        gone.formatted("f2"),
                        file("f3", 1)));
        Lists all = Lists.of(files(), null);
        assertThat(all.ids()).containsExactly("f1", "f3");
        assertThat(all.item("f1").version()).contains(",2");
        assertThat(all.removed()).containsExactly("f2");
    }

    @Test
    void fileWhoseReadersMayNotBeAskedForIsReadByNobody() {
        for (int status : new int[] {403, 404}) {
            api.on(DRIVE + "/items/f1/permissions", call -> StubAnswer.json(status, "{}"));
            RestConnector files = RestConnector.of(ApiTemplate.sharePoint(), api.url(DRIVE))
                    .bearer(() -> StubApi.SECRET)
                    .readers(Readers.EVERYONE)
                    .build();
            assertThat(Lists.of(files, null).ids()).containsExactly("f1", "f2", "f3");
            assertThat(files.fetch(new Item("f1", "1")).readers()).isEqualTo(Readers.NOBODY);
        }
        api.on(DRIVE + "/items/f1/permissions", call -> StubAnswer.json(500, "{}"));
        assertThatThrownBy(() -> Lists.of(files(), null)).isInstanceOf(StoreException.class);
    }

    @Test
    void placeThatTheServerHasForgottenListsEverything() {
        Lists all = Lists.of(
                files(),
                Place.since(api.url(CHANGES + "?token=old").toString(), Set.of())
                        .toString());
        assertThat(all.ids()).containsExactly("f1", "f2", "f3");
        assertThat(all.complete()).isTrue();
    }

    @Test
    void fileElsewhereIsAskedForWithoutTheToken() {
        Document document = files().fetch(new Item("f1", "1"));
        assertThat(document.title()).isEqualTo("f1.md");
        assertThat(document.text()).isEqualTo("# Leave\n\nThirty days.");
        assertThat(document.source()).isEqualTo("https://x.sharepoint.com/f1.md");
        assertThat(document.readers()).isEqualTo(Readers.of("user:u1", "user:u2", "group:g1"));
        assertThat(store.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.headerNames()).doesNotContain("authorization"));
    }

    @Test
    void whoMayReadIsPartOfTheVersion() {
        Lists before = Lists.of(files(), null);
        permissions = ",{'grantedToV2':{'user':{'id':'u3'}}}";
        assertThat(Lists.of(files(), null).item("f1").version())
                .isNotEqualTo(before.item("f1").version());
        assertThat(Lists.of(files(), null).item("f2").version())
                .isEqualTo(before.item("f2").version());
    }

    @Test
    void pageOfTheListElsewhereIsRefused() {
        api.on(CHANGES, call -> StubApi.json("{'value':[],'@odata.nextLink':'" + store.url("/steal") + "'}"));
        assertThatThrownBy(() -> Lists.of(files(), null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("link: leads to");
        assertThatThrownBy(() -> files().list(Place.since(store.url("/steal").toString(), Set.of())
                        .toString()))
                .isInstanceOf(StoreException.class);
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void fileIsNotFetchedFromWhereverItIsSaid() {
        for (String place : new String[] {"file:///etc/passwd", "ftp://x.example/", "http://"}) {
            api.on(DRIVE + "/items/f1/content", call -> StubAnswer.text(302, "").header("Location", place));
            assertThatThrownBy(() -> files().fetch(new Item("f1", "1"))).isInstanceOf(StoreException.class);
        }
    }
}

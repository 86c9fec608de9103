package dev.plinth.rag.connectors.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector.Item;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.testkit.StubAnswer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the documentation of Slack says. */
class SlackTest {
    private final StubApi api = new StubApi();
    private String channels = "{'id':'C2','name':'ops'}";

    private static String message(String ts, String text) {
        return "{'type':'message','user':'U1','text':'" + text + "','ts':'" + ts + "'}";
    }

    private static StubAnswer ok(String list, String next, String... elements) {
        return StubApi.json("{'ok':true,'" + list + "':[" + String.join(",", elements) + "],'has_more':"
                        + !next.isEmpty() + ",'response_metadata':{'next_cursor':'" + next + "'}}")
                .header("Date", "Thu, 15 Jan 2026 08:00:00 GMT"); // 1768464000
    }

    @BeforeEach
    void serve() {
        api.forStrangers(StubApi.json("{'ok':false,'error':'invalid_auth'}"));
        api.on(
                "/api/users.conversations",
                call -> call.get("cursor").isEmpty()
                        ? ok("channels", "more=", "{'id':'C1','name':'general'}")
                        : ok("channels", "", channels));
        api.on(
                "/api/conversations.members",
                call -> call.get("channel").equals("C1")
                        ? call.get("cursor").isEmpty() ? ok("members", "m2", "'U1'", "'U2'") : ok("members", "", "'U3'")
                        : ok("members", "", "'U9'"));
        api.on("/api/conversations.history", this::history);
    }

    private StubAnswer history(StubApi.Call call) {
        if (call.get("limit").equals("1")) {
            return call.get("latest").equals("1700000002.000100")
                            && call.get("channel").equals("C1")
                    ? ok("messages", "", message("1700000002.000100", "The pump is back"))
                    : ok("messages", "");
        }
        if (!call.get("oldest").equals("0")) {
            assertThat(call.get("oldest")).isEqualTo("1768463940.000000");
            return call.get("channel").equals("C2")
                    ? ok("messages", "", message("1768464100.000300", "New"))
                    : ok("messages", "");
        }
        if (call.get("channel").equals("C3")) {
            return call.get("cursor").isEmpty()
                    ? ok("messages", "n2", message("1600000002.000100", "Late"))
                    : ok("messages", "", message("1600000001.000100", "Early"));
        }
        if (call.get("channel").equals("C2")) {
            return ok("messages", "", message("1700000009.000100", "Hello"));
        }
        return switch (call.get("cursor")) {
            case "" ->
                ok(
                        "messages",
                        "n2",
                        message("1700000003.000100", "Three"),
                        "{'type':'message','subtype':'channel_join','text':'joined','user':'U1','ts':'1700000002.900000'}");
            case "n2" -> ok("messages", "n3", message("1700000002.000100", "The pump is back"));
            default -> ok("messages", "", message("1700000001.000100", "One"));
        };
    }

    @AfterEach
    void close() {
        api.close();
    }

    private RestConnector messages(String token) {
        return RestConnector.of(ApiTemplate.slack(), api.url("/api"))
                .bearer(() -> token)
                .build();
    }

    @Test
    void listsTheMessagesOfAllChannelsAndThenTheNewOnes() {
        Lists all = Lists.of(messages(StubApi.SECRET), null);
        assertThat(all.ids())
                .containsExactly(
                        "C1/1700000003.000100", "C1/1700000002.000100", "C1/1700000001.000100", "C2/1700000009.000100");
        assertThat(all.pages()).isEqualTo(4);
        Lists changes = Lists.of(messages(StubApi.SECRET), all.since());
        assertThat(changes.ids()).containsExactly("C2/1768464100.000300");
    }

    @Test
    void channelThatIsJoinedLaterIsListedFromItsStart() {
        Lists all = Lists.of(messages(StubApi.SECRET), null);
        channels = "{'id':'C3','name':'new'}";
        Lists changes = Lists.of(messages(StubApi.SECRET), all.since());
        assertThat(changes.ids()).containsExactly("C3/1600000002.000100", "C3/1600000001.000100");
        assertThat(changes.complete()).isFalse();
        assertThat(Lists.of(messages(StubApi.SECRET), changes.since()).ids())
                .as("known now")
                .isEmpty();
        channels = "{'id':'C2','name':'ops'}";
        Lists without = Lists.of(messages(StubApi.SECRET), changes.since());
        channels = "{'id':'C3','name':'new'}";
        assertThat(Lists.of(messages(StubApi.SECRET), without.since()).ids())
                .as("left and joined again")
                .hasSize(2);
    }

    @Test
    void messageIsForTheMembersOfItsChannel() {
        RestConnector messages = messages(StubApi.SECRET);
        Document document = messages.fetch(new Item("C1/1700000002.000100", "1"));
        assertThat(document.text()).isEqualTo("The pump is back");
        assertThat(document.readers()).isEqualTo(Readers.of("user:U1", "user:U2", "user:U3"));
        assertThat(document.metadata().text("channel")).contains("C1");
        assertThat(document.source())
                .isEqualTo("https://slack.com/app_redirect?channel=C1&message_ts=1700000002.000100");
        for (String id : List.of("C1/1700000002.000999", "C1", "C1/1/2")) {
            assertThatThrownBy(() -> messages.fetch(new Item(id, "1"))).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void membersAreAskedForOnceAPage() {
        Lists.of(messages(StubApi.SECRET), null);
        assertThat(api.asked()).filteredOn(target -> target.contains("members")).hasSize(3 * 2 + 1);
    }

    @Test
    void errorIsInTheAnswer() {
        assertThatThrownBy(() -> messages("wrong").list(null))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("invalid_auth");
        api.on("/api/users.conversations", call -> StubApi.json("{'ok':false,'error':'internal error!'}"));
        assertThatThrownBy(() -> messages(StubApi.SECRET).list(null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("answers an error");
    }
}

package dev.plinth.tracing.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContentCaptureTest {

    private static final ToolCall CALL = new ToolCall("c-1", "weather", "{\"city\": \"Ghent\", \"days\": 3}");

    private static final ToolSpec SPEC = new ToolSpec("weather", "tells the weather", "{\"type\": \"object\"}");

    private static ChatRequest request(CallContext context) {
        return ChatRequest.builder()
                .system("Be brief.")
                .message(Message.user(
                        new Part.Text("Weather in Ghent?"),
                        new Part.Image(Media.of(new byte[] {1, 2, 3}, "image/png")),
                        new Part.File(Media.of(URI.create("https://example.com/a.pdf"), "application/pdf"), "a.pdf")))
                .message(Message.assistant(List.of(new Part.Reasoning("look it up"), CALL)))
                .message(Message.tool(List.of(CALL.result("{\"sky\": \"grey\"}"))))
                .tool(SPEC)
                .context(context)
                .build();
    }

    private static CapturedContent chat(ContentCapture capture, CallContext context, boolean notable) {
        return capture.chat(request(context), ChatResponse.of("Grey."), "", "stop", notable);
    }

    private static CallContext of(String team) {
        return CallContext.builder().principal(new Principal("app", team, null)).build();
    }

    private static String json(CapturedContent content, String attribute) {
        return content.values().get(attribute).asString();
    }

    @Test
    void nothingByDefault() {
        assertThat(chat(ContentCapture.NONE, CallContext.EMPTY, true)).isNull();
    }

    @Test
    void messagesFollowTheConventions() {
        CapturedContent content = chat(ContentCapture.builder(CaptureMode.FULL).build(), CallContext.EMPTY, false);
        assertThat(json(content, "gen_ai.system_instructions"))
                .isEqualTo("[{\"type\":\"text\",\"content\":\"Be brief.\"}]");
        assertThat(json(content, "gen_ai.input.messages"))
                .isEqualTo("[{\"role\":\"user\",\"parts\":["
                        + "{\"type\":\"text\",\"content\":\"Weather in Ghent?\"},"
                        + "{\"type\":\"blob\",\"modality\":\"image\",\"mime_type\":\"image/png\",\"content\":\"\","
                        + "\"byte_size\":3},"
                        + "{\"type\":\"uri\",\"modality\":\"document\",\"mime_type\":\"application/pdf\","
                        + "\"uri\":\"https://example.com/a.pdf\"}]},"
                        + "{\"role\":\"assistant\",\"parts\":["
                        + "{\"type\":\"reasoning\",\"content\":\"look it up\"},"
                        + "{\"type\":\"tool_call\",\"id\":\"c-1\",\"name\":\"weather\","
                        + "\"arguments\":{\"city\":\"Ghent\",\"days\":3}}]},"
                        + "{\"role\":\"tool\",\"parts\":["
                        + "{\"type\":\"tool_call_response\",\"id\":\"c-1\",\"response\":{\"sky\":\"grey\"}}]}]");
        assertThat(json(content, "gen_ai.output.messages"))
                .isEqualTo("[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Grey.\"}],"
                        + "\"finish_reason\":\"stop\"}]");
        assertThat(json(content, "gen_ai.tool.definitions"))
                .isEqualTo("[{\"type\":\"function\",\"name\":\"weather\",\"description\":\"tells the weather\","
                        + "\"parameters\":{\"type\":\"object\"}}]");
    }

    @Test
    void metadataCountsAndTellsNothing() {
        CapturedContent content =
                chat(ContentCapture.builder(CaptureMode.METADATA).build(), CallContext.EMPTY, true);
        assertThat(content.toJson())
                .isEqualTo("{\"plinth.content.input.messages\":4,\"plinth.content.input.characters\":79,"
                        + "\"plinth.content.output.characters\":5,\"plinth.content.tools\":1}");
    }

    @Test
    void theRedactorSeesEveryText() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> "#")
                .build();
        String content = chat(capture, CallContext.EMPTY, false).toJson();
        assertThat(content)
                .doesNotContain("brief", "Ghent", "look it up", "grey", "Grey", "example.com", "tells", "city")
                .contains("{\"#\":\"#\"}", "\"role\":\"user\"", "\"name\":\"#\"");
        String[] many = Stream.generate(() -> "x".repeat(90)).limit(5000).toArray(String[]::new);
        ChatRequest endless = ChatRequest.builder().user("hi").stop(many).build();
        assertThat(ContentCapture.builder(CaptureMode.FULL)
                        .build()
                        .chat(endless, null, "", null, false)
                        .values())
                .doesNotContainKey("gen_ai.request.stop_sequences");
        ChatRequest stopping = ChatRequest.builder().user("hi").stop("a", "b").build();
        assertThat(json(capture.chat(stopping, null, "", null, false), "gen_ai.request.stop_sequences"))
                .isEqualTo("[\"#\",\"#\"]");
        assertThat(capture.retrieval(RetrievalRequest.of("Where is Anna?", 3), null, false)
                        .toJson())
                .isEqualTo("{\"gen_ai.retrieval.query.text\":\"#\"}");
        CapturedContent tool = capture.tool(SPEC, CALL, CALL.result("grey"), CallContext.EMPTY, false);
        assertThat(json(tool, "gen_ai.tool.call.id")).doesNotContain("c-1");
        assertThat(json(tool, "gen_ai.tool.description")).isEqualTo("#");
        assertThat(tool.toJson())
                .endsWith(
                        ",\"gen_ai.tool.call.arguments\":{\"#\":\"#\"},\"gen_ai.tool.call.result\":{\"value\":\"#\"}}");
    }

    @Test
    void whatWasReallySearchedForIsTold() {
        Retrieval rewritten = new Retrieval(List.of("Anna's desk", "where Anna sits"), List.of());
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> text.replace("Anna", "#"))
                .maxBytes(1024)
                .build();
        RetrievalRequest request = RetrievalRequest.of("Where is Anna?", 3);
        assertThat(json(capture.retrieval(request, rewritten, false), "plinth.retrieval.queries"))
                .isEqualTo("#'s desk\nwhere # sits");
        Retrieval asAsked = new Retrieval("Where is Anna?", List.of());
        assertThat(capture.retrieval(request, asAsked, false).values()).doesNotContainKey("plinth.retrieval.queries");
        Retrieval endless = new Retrieval("q".repeat(5000), List.of());
        assertThat(json(capture.retrieval(request, endless, false), "plinth.retrieval.queries"))
                .hasSizeLessThan(1024)
                .endsWith("(5000 characters)");
    }

    @Test
    void idsAndNamesAreRedactedAndStillMatch() {
        String anna = "anna@example.com";
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> text.replace(anna, "<email>"))
                .build();
        ToolCall written = new ToolCall("mail:" + anna, "mail-" + anna, "{}");
        ToolCall plain = new ToolCall("c-2", "weather", "{}");
        ChatRequest request = ChatRequest.builder()
                .message(Message.user(
                        new Part.Other("openai", anna, "{}"),
                        new Part.File(Media.of(URI.create("https://x.example/a"), "text/plain;name=" + anna), null)))
                .message(Message.assistant(List.of(written, plain)))
                .message(Message.tool(List.of(written.result("sent"), plain.result("grey"))))
                .build();
        String input = json(capture.chat(request, null, "", null, false), "gen_ai.input.messages");
        assertThat(input).doesNotContain("anna").contains("\"name\":\"mail-<email>\"", "\"id\":\"c-2\"");
        List<String> ids = Pattern.compile("\"id\":\"([^\"]*)\"")
                .matcher(input)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(ids).hasSize(4);
        assertThat(ids.get(0)).hasSize(16).isEqualTo(ids.get(2));

        Retrieval found = new Retrieval("q", List.of(match("home/" + anna), match("home/ben"), match("home/" + anna)));
        String documents =
                json(capture.retrieval(RetrievalRequest.of("q", 3), found, false), "gen_ai.retrieval.documents");
        assertThat(documents).doesNotContain("anna").contains("\"id\":\"home/ben\"");
    }

    private static Match match(String id) {
        Chunk chunk = new Chunk(id, "d", "docs", "text", new Chunk.Span(0, 4, 1, 1), List.of(), Metadata.NONE);
        return new Match(chunk, 0.5);
    }

    @Test
    void theBytesInADataAddressAreNotRecorded() {
        String[] addresses = {"data:image/png;base64,AQIDBA==", "DATA:text/plain,a%20b%C3%A9", "data:,"};
        int[] sizes = {4, 5, 0};
        for (int i = 0; i < addresses.length; i++) {
            Part image = new Part.Image(Media.of(URI.create(addresses[i]), "image/png"));
            ChatRequest request =
                    ChatRequest.builder().message(Message.user(image)).build();
            ContentCapture capture = ContentCapture.builder(CaptureMode.FULL).build();
            assertThat(json(capture.chat(request, null, "", null, false), "gen_ai.input.messages"))
                    .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"type\":\"blob\",\"modality\":\"image\","
                            + "\"mime_type\":\"image/png\",\"content\":\"\",\"byte_size\":" + sizes[i] + "}]}]");
        }
    }

    @Test
    void aNumberThatIsRedactedBecomesAText() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> text.replace("4111111111111111", "<CARD>"))
                .build();
        ToolCall call = new ToolCall("1", "pay", "{\"card\": 4111111111111111, \"sum\": 3.5, \"big\": 1e400}");
        assertThat(capture.tool(SPEC, call, null, CallContext.EMPTY, false).toJson())
                .endsWith(",\"gen_ai.tool.call.arguments\":{\"card\":\"<CARD>\",\"sum\":3.5,\"big\":\"Infinity\"}}");
    }

    @Test
    void brokenJsonIsAText() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.FULL).build();
        for (String broken : List.of("{\"a\": ", "{\"a\": 1} x", "[1, 2", "{a}", "not json")) {
            assertThat(capture.tool(SPEC, new ToolCall("1", "t", broken), null, CallContext.EMPTY, false)
                            .values()
                            .get("gen_ai.tool.call.arguments"))
                    .isEqualTo(Value.of(KeyValue.of("value", Value.of(broken))));
        }
    }

    @Test
    void aRedactorThatFailsWithholdsEverything() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> {
                    if (text.contains("Grey")) {
                        throw new IllegalStateException("no: " + text);
                    }
                    return text;
                })
                .build();
        CapturedContent content = chat(capture, CallContext.EMPTY, true);
        assertThat(content.values()).isEmpty();
        assertThat(content.withheld()).contains("redactor_failed");
        assertThat(content.toString()).doesNotContain("Grey");
    }

    @Test
    void aPatternThatRunsOutOfStackWithholdsToo() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> {
                    if (text.contains("Ghent")) {
                        throw new StackOverflowError();
                    }
                    return text;
                })
                .build();
        assertThat(chat(capture, CallContext.EMPTY, true).withheld()).contains("redactor_failed");
        ContentCapture pattern = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> text.replaceAll("(?:[a-z]|\\d)+@", "#"))
                .build();
        RetrievalRequest request = RetrievalRequest.of("a".repeat(1_000_000), 1);
        assertThat(pattern.retrieval(request, null, false).withheld()).contains("redactor_failed");
    }

    @Test
    void aRedactorThatWasInterruptedKeepsTheFlag() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> {
                    throw ContentCaptureTest.<RuntimeException>unchecked(new InterruptedException());
                })
                .build();
        assertThat(chat(capture, CallContext.EMPTY, true).withheld()).contains("redactor_failed");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** As code of other languages throws it. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void aRedactorThatReturnsNothingFails() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.REDACTED)
                .redactor(text -> null)
                .build();
        assertThat(chat(capture, CallContext.EMPTY, true).withheld()).contains("redactor_failed");
    }

    @Test
    void theNarrowestRuleHolds() {
        ContentCapture.Builder rules = ContentCapture.builder(CaptureMode.METADATA)
                .inEnvironment("staging", CaptureMode.FULL)
                .forTeam("payments", CaptureMode.OFF)
                .forTeam("payments", "staging", CaptureMode.METADATA)
                .forTeam("labs", CaptureMode.FULL);
        ContentCapture production = rules.environment("production").build();
        assertThat(production.mode(CallContext.EMPTY)).isEqualTo(CaptureMode.METADATA);
        assertThat(production.mode(of("web"))).isEqualTo(CaptureMode.METADATA);
        assertThat(production.mode(of("payments"))).isEqualTo(CaptureMode.OFF);
        assertThat(production.mode(of("labs"))).isEqualTo(CaptureMode.FULL);
        ContentCapture staging = rules.environment("staging").build();
        assertThat(staging.mode(CallContext.EMPTY)).isEqualTo(CaptureMode.FULL);
        assertThat(staging.mode(of("web"))).isEqualTo(CaptureMode.FULL);
        assertThat(staging.mode(of("payments"))).isEqualTo(CaptureMode.METADATA);
    }

    @Test
    void rulesOfEnvironmentsWithoutAnEnvironmentAreRefused() {
        List<ContentCapture.Builder> unplaced = List.of(
                ContentCapture.builder(CaptureMode.FULL).inEnvironment("production", CaptureMode.OFF),
                ContentCapture.builder(CaptureMode.FULL).forTeam("payments", "production", CaptureMode.OFF));
        for (ContentCapture.Builder rules : unplaced) {
            assertThatThrownBy(rules::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("environment: null (expected: the one this process runs in, since rules go by it)");
            assertThat(rules.environment("test").build().mode(CallContext.EMPTY))
                    .isEqualTo(CaptureMode.FULL);
        }
    }

    @Test
    void redactionWithoutARedactorIsRefused() {
        assertThatThrownBy(() -> ContentCapture.builder(CaptureMode.OFF)
                        .forTeam("web", CaptureMode.REDACTED)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("redactor: null (expected: one, since a mode is REDACTED)");
    }

    @Test
    void aShareKeepsWholeInteractionsAndAllThatIsNotable() {
        ContentCapture capture =
                ContentCapture.builder(CaptureMode.FULL).share(0.25).build();
        int kept = 0;
        for (int i = 0; i < 1_000; i++) {
            try (Interaction interaction = Interaction.start("ask", CallContext.EMPTY)) {
                boolean first = hasMessages(chat(capture, interaction.context(), false));
                assertThat(hasMessages(chat(capture, interaction.context(), false)))
                        .isEqualTo(first);
                assertThat(hasMessages(chat(capture, interaction.context(), true)))
                        .isTrue();
                kept += first ? 1 : 0;
            }
        }
        assertThat(kept).isBetween(150, 350);
        ContentCapture none = ContentCapture.builder(CaptureMode.FULL).share(0).build();
        assertThat(hasMessages(chat(none, CallContext.EMPTY, false))).isFalse();
    }

    private static boolean hasMessages(CapturedContent content) {
        return content.values().containsKey("gen_ai.input.messages");
    }

    @Test
    void anUploadLeavesAReference() {
        AtomicReference<String> stored = new AtomicReference<>();
        ContentCapture capture = ContentCapture.builder(CaptureMode.FULL)
                .upload(content -> {
                    stored.set(content.toJson());
                    return content.movedTo("s3://traces/1");
                })
                .build();
        CapturedContent content = chat(capture, CallContext.EMPTY, false);
        assertThat(stored.get()).contains("Weather in Ghent?");
        assertThat(content.values()).isEmpty();
        assertThat(content.reference()).contains("s3://traces/1");
    }

    @Test
    void anUploadThatFailsWithholds() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.FULL)
                .upload(content -> {
                    throw new IllegalStateException("full");
                })
                .build();
        CapturedContent content = chat(capture, CallContext.EMPTY, false);
        assertThat(content.values()).isEmpty();
        assertThat(content.withheld()).contains("upload_failed");
    }

    @Test
    void anUploadThatHasAnErrorWithholds() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.FULL)
                .upload(content -> {
                    throw new NoClassDefFoundError("s3");
                })
                .build();
        assertThat(chat(capture, CallContext.EMPTY, false).withheld()).contains("upload_failed");
    }

    @Test
    void anAnswerThatBrokeOffIsKeptAsFarAsItCame() {
        ContentCapture capture = ContentCapture.builder(CaptureMode.FULL).build();
        CapturedContent content = capture.chat(request(CallContext.EMPTY), null, "Gre", "error", true);
        assertThat(json(content, "gen_ai.output.messages"))
                .isEqualTo("[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Gre\"}],"
                        + "\"finish_reason\":\"error\"}]");
        assertThat(capture.chat(request(CallContext.EMPTY), null, "", "error", true)
                        .values())
                .doesNotContainKey("gen_ai.output.messages");
    }
}

package dev.plinth.tracing.content;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.Message;
import dev.plinth.api.chat.Part;
import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.chat.ToolSpec;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Principal;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.tracing.content.SizeLimit.Elements;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of the content of a call is recorded: by team and environment, redacted, bounded, of a share of the calls.
 *
 * <pre>{@code
 * ContentCapture capture = ContentCapture.builder(CaptureMode.METADATA)
 *     .environment("staging")
 *     .inEnvironment("staging", CaptureMode.REDACTED)
 *     .forTeam("payments", CaptureMode.OFF)
 *     .redactor(redactor)
 *     .build();
 * Tracing tracing = Tracing.builder(openTelemetry).content(capture).build();
 * }</pre>
 *
 * <p>Of several rules the narrowest holds: team and environment, then team, then environment, then the mode for all. What
 * cannot be done as it should be (a redactor or an upload that throws) is not recorded; the trace says so, and the call
 * is not affected.
 *
 * <p>Immutable and thread-safe.
 */
public final class ContentCapture {

    /** Records nothing: the default. */
    public static final ContentCapture NONE = builder(CaptureMode.OFF).build();

    private final CaptureMode everywhere;
    private final Map<String, CaptureMode> teams;
    private final @Nullable Redactor redactor;
    private final @Nullable ContentUpload upload;
    private final SizeLimit limit;
    private final double share;

    private ContentCapture(Builder builder, CaptureMode everywhere, Map<String, CaptureMode> teams) {
        this.everywhere = everywhere;
        this.teams = Map.copyOf(teams);
        this.redactor = builder.redactor;
        this.upload = builder.upload;
        this.limit = new SizeLimit(builder.maxBytes);
        this.share = builder.share;
    }

    /** A builder; this mode holds where no rule says otherwise. */
    public static Builder builder(CaptureMode mode) {
        return new Builder(Check.notNull(mode, "mode"));
    }

    /** How much of this call is recorded. */
    public CaptureMode mode(CallContext context) {
        if (teams.isEmpty()) {
            return everywhere;
        }
        return context.principal()
                .map(Principal::team)
                .map(team -> teams.getOrDefault(team, everywhere))
                .orElse(everywhere);
    }

    /**
     * What of a chat call may be recorded: what was said, the tools, and the texts at which the answer shall stop.
     *
     * @param response null: there is none
     * @param partial the text that came before the call broke off; empty: none
     * @param finishReason in the conventions' words; null: the messages do not say
     * @param notable whether something happened that is always kept: a failure, a finding of a guardrail
     * @return null when nothing may
     */
    public @Nullable CapturedContent chat(
            ChatRequest request,
            @Nullable ChatResponse response,
            String partial,
            @Nullable String finishReason,
            boolean notable) {
        return capture(
                request.context(),
                notable,
                () -> counts(request, response == null ? partial.length() : length(response.message())),
                texts -> {
                    Map<String, Value<?>> values = new LinkedHashMap<>();
                    List<Value<?>> instructions = texts.systemInstructions(request);
                    if (!instructions.isEmpty()) {
                        values.put("gen_ai.system_instructions", limit.array(Elements.PARTS, instructions));
                    }
                    values.put("gen_ai.input.messages", limit.array(Elements.MESSAGES, texts.input(request)));
                    if (response != null) {
                        values.put(
                                "gen_ai.output.messages",
                                limit.array(Elements.MESSAGES, texts.output(response, finishReason)));
                    } else if (!partial.isEmpty()) {
                        values.put(
                                "gen_ai.output.messages",
                                limit.array(Elements.MESSAGES, texts.partial(partial, finishReason)));
                    }
                    if (!request.stop().isEmpty()) {
                        Value<?> stop = limit.value(texts.each(request.stop()));
                        if (stop.getType() == ValueType.ARRAY) { // else there are more than may be recorded
                            values.put("gen_ai.request.stop_sequences", stop);
                        }
                    }
                    if (!request.tools().isEmpty()) {
                        values.put(
                                "gen_ai.tool.definitions",
                                limit.array(Elements.TOOLS, texts.definitions(request.tools())));
                    }
                    return values;
                });
    }

    /**
     * What of a tool's work may be recorded: the id of the call, since it may be made of anything, what the tool says of
     * itself, what it was given and what it gave.
     *
     * @param result null: it failed
     * @return null when nothing may
     */
    public @Nullable CapturedContent tool(
            ToolSpec spec, ToolCall call, @Nullable ToolResult result, CallContext context, boolean notable) {
        return capture(
                context,
                notable,
                () -> Map.of(
                        "plinth.content.input.characters",
                                count(call.arguments().length()),
                        "plinth.content.output.characters",
                                count(result == null ? 0 : result.text().length())),
                texts -> {
                    Map<String, Value<?>> values = new LinkedHashMap<>();
                    if (!spec.description().isEmpty()) {
                        values.put("gen_ai.tool.description", limit.value(texts.plain(spec.description())));
                    }
                    values.put("gen_ai.tool.call.id", texts.identifier(call.id()));
                    values.put("gen_ai.tool.call.arguments", limit.value(texts.object(call.arguments())));
                    if (result != null) {
                        values.put("gen_ai.tool.call.result", limit.value(texts.object(result.text())));
                    }
                    return values;
                });
    }

    /**
     * What of a retrieval may be recorded: the query, what was searched for instead of it, and the ids and scores of what
     * was found, not its text.
     *
     * @param retrieval null: it failed
     * @return null when nothing may
     */
    public @Nullable CapturedContent retrieval(
            RetrievalRequest request, @Nullable Retrieval retrieval, boolean notable) {
        return capture(
                request.context(),
                notable,
                () -> Map.of(
                        "plinth.content.input.characters", count(request.query().length())),
                texts -> {
                    Map<String, Value<?>> values = new LinkedHashMap<>();
                    values.put("gen_ai.retrieval.query.text", limit.value(texts.plain(request.query())));
                    if (retrieval != null) {
                        if (!retrieval.queries().equals(List.of(request.query()))) {
                            values.put("plinth.retrieval.queries", limit.value(texts.lines(retrieval.queries())));
                        }
                        values.put(
                                "gen_ai.retrieval.documents",
                                limit.array(Elements.DOCUMENTS, texts.documents(retrieval.matches())));
                    }
                    return values;
                });
    }

    private @Nullable CapturedContent capture(
            CallContext context,
            boolean notable,
            Supplier<Map<String, Value<?>>> counts,
            Function<MessageValues, Map<String, Value<?>>> content) {
        CaptureMode mode = mode(context);
        if (mode == CaptureMode.OFF) {
            return null;
        }
        if (mode == CaptureMode.METADATA || !(notable || isInShare(context))) {
            return CapturedContent.of(context, counts.get());
        }
        CapturedContent captured;
        try {
            captured = CapturedContent.of(context, content.apply(values(mode)));
        } catch (Throwable failure) {
            return withheld(context, mode == CaptureMode.REDACTED ? "redactor_failed" : "capture_failed", failure);
        }
        return uploaded(captured);
    }

    /** Whether content is stored elsewhere, whatever becomes of the trace. */
    public boolean uploads() {
        return upload != null;
    }

    private CapturedContent uploaded(CapturedContent captured) {
        if (upload == null) {
            return captured;
        }
        try {
            return Check.notNull(upload.store(captured), "upload");
        } catch (Throwable failure) {
            return withheld(captured.context(), "upload_failed", failure);
        }
    }

    /**
     * Also for errors: a pattern runs out of stack on a long text, a storage's class is missing. The call goes on, and so
     * it must not lose that its thread was interrupted.
     */
    private static CapturedContent withheld(CallContext context, String why, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return CapturedContent.withheld(context, why);
    }

    private MessageValues values(CaptureMode mode) {
        Redactor first = redactor;
        return mode == CaptureMode.FULL || first == null
                ? MessageValues.asIs()
                : MessageValues.changed(text -> Check.notNull(first.redact(text), "redacted"));
    }

    /** All calls of an interaction or none: a tree with half its content explains nothing. */
    private boolean isInShare(CallContext context) {
        if (share >= 1) {
            return true;
        }
        double place = context.interaction()
                .map(Interaction::id)
                .map(id -> (id.hashCode() * 0x9E3779B97F4A7C15L >>> 11) * 0x1.0p-53)
                .orElseGet(() -> ThreadLocalRandom.current().nextDouble());
        return place < share;
    }

    private static Map<String, Value<?>> counts(ChatRequest request, int answered) {
        int characters =
                request.messages().stream().mapToInt(ContentCapture::length).sum();
        Map<String, Value<?>> counts = new LinkedHashMap<>();
        counts.put("plinth.content.input.messages", count(request.messages().size()));
        counts.put("plinth.content.input.characters", count(characters));
        counts.put("plinth.content.output.characters", count(answered));
        counts.put("plinth.content.tools", count(request.tools().size()));
        return counts;
    }

    private static int length(Message message) {
        int length = 0;
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text) {
                length += text.text().length();
            } else if (part instanceof Part.Reasoning thought) {
                length += thought.text().length();
            } else if (part instanceof ToolCall call) {
                length += call.arguments().length();
            } else if (part instanceof ToolResult result) {
                length += result.text().length();
            }
        }
        return length;
    }

    private static Value<?> count(int count) {
        return Value.of((long) count);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final CaptureMode everywhere;
        private final Map<String, CaptureMode> environments = new HashMap<>();
        private final Map<String, CaptureMode> teams = new HashMap<>();
        private final Map<String, Map<String, CaptureMode>> teamsIn = new HashMap<>();
        private @Nullable String environment;
        private @Nullable Redactor redactor;
        private @Nullable ContentUpload upload;
        private int maxBytes = 64 * 1024;
        private double share = 1;

        private Builder(CaptureMode everywhere) {
            this.everywhere = everywhere;
        }

        /** Where this process runs, such as {@code production}. */
        public Builder environment(String environment) {
            this.environment = Check.notBlank(environment, "environment");
            return this;
        }

        /** The mode in an environment. */
        public Builder inEnvironment(String environment, CaptureMode mode) {
            environments.put(Check.notBlank(environment, "environment"), Check.notNull(mode, "mode"));
            return this;
        }

        /** The mode for the calls of a team. */
        public Builder forTeam(String team, CaptureMode mode) {
            teams.put(Check.notBlank(team, "team"), Check.notNull(mode, "mode"));
            return this;
        }

        /** The mode for the calls of a team in an environment. */
        public Builder forTeam(String team, String environment, CaptureMode mode) {
            teamsIn.computeIfAbsent(Check.notBlank(environment, "environment"), first -> new HashMap<>())
                    .put(Check.notBlank(team, "team"), Check.notNull(mode, "mode"));
            return this;
        }

        /** Sees every text where the mode is {@link CaptureMode#REDACTED}. */
        public Builder redactor(Redactor redactor) {
            this.redactor = Check.notNull(redactor, "redactor");
            return this;
        }

        /** Stores content elsewhere. */
        public Builder upload(ContentUpload upload) {
            this.upload = Check.notNull(upload, "upload");
            return this;
        }

        /**
         * The most bytes of one attribute of the conventions; 64 KiB by default, at least 1,024. What is longer is
         * shortened, and stays JSON: long texts are cut, then parts and elements in the middle left out. Ids, names and
         * schemas are whole or left out.
         */
        public Builder maxBytes(int bytes) {
            Check.that(bytes >= 1024, "maxBytes", bytes, ">= 1024");
            this.maxBytes = bytes;
            return this;
        }

        /**
         * Of which share of interactions the content is recorded, of the others only how much there was; all by default.
         * Calls that fail or in which a guardrail finds something are always recorded.
         */
        public Builder share(double share) {
            this.share = Check.within(share, 0, 1, "share");
            return this;
        }

        /**
         * The capture.
         *
         * @throws IllegalArgumentException if content is to be redacted and nothing redacts it, or rules go by environment
         *     and none is set
         */
        public ContentCapture build() {
            boolean anywhere = environments.isEmpty() && teamsIn.isEmpty();
            Check.that(
                    anywhere || environment != null,
                    "environment",
                    environment,
                    "the one this process runs in, since rules go by it");
            CaptureMode here = environments.getOrDefault(environment, everywhere);
            Map<String, CaptureMode> narrowest = new HashMap<>(teams);
            narrowest.putAll(teamsIn.getOrDefault(environment, Map.of()));
            boolean redacts = here == CaptureMode.REDACTED || narrowest.containsValue(CaptureMode.REDACTED);
            Check.that(!redacts || redactor != null, "redactor", redactor, "one, since a mode is REDACTED");
            return new ContentCapture(this, here, narrowest);
        }
    }
}

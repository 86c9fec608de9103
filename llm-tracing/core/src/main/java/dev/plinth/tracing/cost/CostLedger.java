package dev.plinth.tracing.cost;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.time.TimeSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * Books what calls cost, by who called for what: team, application, use case, interaction, prompt, provider and model,
 * and by day.
 *
 * <pre>{@code
 * CostLedger ledger = CostLedger.create();
 * Platform platform = Platform.builder()
 *     .chat("support", model)
 *     .layer(ledger.layer())
 *     .layer(Pricing.by(PriceList.bundled()))
 *     .build();
 * System.out.println(ledger.report().table(Dimension.TEAM, Dimension.MODEL));
 * }</pre>
 *
 * <p>Each try of a call is booked on the provider and model that it went to, with its own tokens and cost, so that a
 * report sums to the bills of the providers. The ledger states what answers state: without a {@code Pricing}, or a
 * catalogue with prices, all of them are unpriced.
 *
 * <p>It lives in memory. {@link CostReport#write} keeps a report in a file, and {@link #add(CostReport)} takes it up again
 * after a restart, or brings those of several processes together.
 *
 * <p>Thread-safe.
 */
public final class CostLedger {

    private static final long MOST_OTHERS = 1_000;

    private final TimeSource time;
    private final ZoneId zone;
    private final int mostLines;
    private final Object lock = new Object();
    private Map<Map<Dimension, String>, Totals> lines = new HashMap<>();

    private CostLedger(Builder builder) {
        this.time = builder.time;
        this.zone = builder.zone;
        this.mostLines = builder.mostLines;
    }

    /** An empty ledger with the defaults. */
    public static CostLedger create() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The layer that books the calls of chat models, embedding models and rerankers. */
    public Layer layer() {
        return new Layer() {
            @Override
            public Stage stage() {
                return Stage.TRACE;
            }

            @Override
            public ChatModel around(ChatModel next) {
                return Bookings.around(next, CostLedger.this);
            }

            @Override
            public EmbeddingModel around(EmbeddingModel next) {
                return Bookings.around(next, CostLedger.this);
            }

            @Override
            public Reranker around(Reranker next) {
                return Bookings.around(next, CostLedger.this);
            }
        };
    }

    /**
     * Books an answer that no call of the layer gave, such as one out of a batch, on the day it comes; as late.
     *
     * @param context of the request
     */
    public void addLate(CallContext context, ChatResponse response) {
        Check.notNull(context, "context");
        Check.notNull(response, "response");
        new Booking(this, context, Booking.CHAT, "", "", true).done(response);
    }

    /** Books all of a report: one that was read from a file, or that of another ledger. */
    public void add(CostReport report) {
        Check.notNull(report, "report");
        report.keyed().forEach(this::book);
    }

    /** What was booked so far. */
    public CostReport report() {
        synchronized (lock) {
            return CostReport.of(lines);
        }
    }

    /** What was booked so far, and starts anew. In memory nothing is in two reports or in none; files are the caller's to write. */
    public CostReport drain() {
        synchronized (lock) {
            CostReport report = CostReport.of(lines);
            lines = new HashMap<>();
            return report;
        }
    }

    LocalDate today() {
        return LocalDate.ofInstant(time.now(), zone);
    }

    void book(Map<Dimension, String> line, Totals totals) {
        synchronized (lock) {
            lines.merge(lineFor(line), totals, Totals::plus);
        }
    }

    private Map<Dimension, String> lineFor(Map<Dimension, String> line) {
        if (lines.size() < mostLines || lines.containsKey(line)) {
            return line;
        }
        Map<Dimension, String> other = CostLine.other(line);
        return lines.size() < mostLines + MOST_OTHERS || lines.containsKey(other) ? other : CostLine.last(line);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private TimeSource time = TimeSource.system();
        private ZoneId zone = ZoneOffset.UTC;
        private int mostLines = 20_000;

        private Builder() {}

        /** Where days begin; UTC by default. */
        public Builder zone(ZoneId zone) {
            this.zone = Check.notNull(zone, "zone");
            return this;
        }

        /**
         * How many lines are kept apart, 20,000 by default, some 20 MB. What would make one more is booked on the line of its
         * day, operation, provider and model whose other values are {@code _OTHER}: the totals stay whole. Of these there are
         * at most 1,000; then the provider and the model are {@code _OTHER}, too.
         */
        public Builder mostLines(int lines) {
            this.mostLines = Check.positive(lines, "lines");
            return this;
        }

        /** Where the day is read. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The ledger. */
        public CostLedger build() {
            return new CostLedger(this);
        }
    }
}

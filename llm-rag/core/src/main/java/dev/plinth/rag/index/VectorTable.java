package dev.plinth.rag.index;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Unit vectors by row number, and the search over them. One writer at a time and no reader beside it; any number of
 * readers between writes.
 *
 * <p>While the scan is exact the vectors lie in {@link BlockLayout}; once sign codes are used they lie in
 * {@link RowLayout}, as rescoring reads single rows. Where vectors are to take no heap they lie in {@link MappedLayout}
 * always. Scores are the same bits in each.
 */
final class VectorTable {
    /** Below this many vectors an exact scan takes well under a millisecond and codes bring nothing. */
    private static final int WORTH_CODES = 4096;

    /** With more candidates than this share of the rows, codes save too little over an exact scan. */
    private static final double MAX_CANDIDATE_SHARE = 0.1;

    private static final double GROWTH_BEFORE_NEW_MEASURE = 2;

    private final int dimension;
    private final int length;
    private final ScanMode mode;
    private final double targetRecall;
    private final @Nullable Path mappedFolder;
    private final RowSet live = new RowSet();
    private final Queue<Scratch> scratches = new ConcurrentLinkedQueue<>();

    private VectorLayout layout;
    private @Nullable SignCodes codes;
    private ScanStatus status;
    private int rows;

    VectorTable(int dimension, ScanMode mode, double targetRecall, @Nullable Path mappedFolder) {
        this.dimension = dimension;
        this.length = VectorLayout.padded(dimension);
        this.mode = mode;
        this.targetRecall = targetRecall;
        this.mappedFolder = mappedFolder;
        this.layout = mappedFolder == null ? new BlockLayout(length) : new MappedLayout(length, mappedFolder);
        String reason = mode == ScanMode.EXACT ? "exact scan was asked for" : "fewer vectors than codes pay for";
        this.status = new ScanStatus(ScanMode.EXACT, 0, OptionalDouble.empty(), targetRecall, 0, reason);
    }

    /** Working memory of one search, reused between searches. */
    private static final class Scratch {
        private short[] distances = new short[0];
        private int[] histogram = new int[0];

        private void prepare(int rows, int maxDistance) {
            if (distances.length < rows) {
                distances = new short[rows + rows / 4];
            }
            if (histogram.length <= maxDistance) {
                histogram = new int[maxDistance + 1];
            }
            Arrays.fill(histogram, 0);
        }
    }

    int rows() {
        return rows;
    }

    RowSet live() {
        return live;
    }

    ScanStatus status() {
        return status;
    }

    /** Makes room for this many rows in all, so that {@link #put} cannot fail halfway. */
    void reserve(int rows) {
        layout.reserve(rows);
    }

    /** Writes a unit vector of the padded length. Rows passed over hold nothing and are never found. */
    void put(int row, float[] vector) {
        float[] nothing = row > rows ? new float[length] : vector;
        while (rows < row) {
            write(rows++, nothing);
        }
        write(row, vector);
        live.add(row);
        rows = Math.max(rows, row + 1);
    }

    private void write(int row, float[] vector) {
        layout.put(row, vector);
        if (codes != null) {
            codes.put(row, vector);
        }
    }

    void remove(int row) {
        live.remove(row);
    }

    /** Releases what is not on the heap; nothing else may be asked after that. */
    void close() {
        layout.close();
    }

    void copy(int row, float[] target) {
        layout.copy(row, target);
    }

    /** The {@code k} best of {@code allowed}, a subset of the live rows; fewer only when it holds fewer. */
    Hits search(float[] query, int k, RowSet allowed) {
        int wanted = Math.min(k, allowed.count());
        if (wanted == 0) {
            return new Hits(new int[0], new float[0]);
        }
        TopK best = new TopK(wanted);
        SignCodes signs = codes;
        int candidates = candidates(wanted);
        if (signs == null || allowed.count() <= candidates) {
            layout.scan(query, rows, allowed, best);
        } else {
            scanCodes(signs, query, candidates, allowed, best);
        }
        return best.drain();
    }

    /** The measured oversampling; when the store has grown since, the same share of it. */
    private int candidates(int wanted) {
        double growth = status.measuredRows() == 0 ? 1 : Math.max(1, (double) live.count() / status.measuredRows());
        double candidates = status.oversampling() * Math.max(wanted, RecallSample.NEIGHBOURS) * growth;
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(candidates));
    }

    private void scanCodes(SignCodes signs, float[] query, int candidates, RowSet allowed, TopK best) {
        Scratch scratch = scratches.poll();
        if (scratch == null) {
            scratch = new Scratch();
        }
        scratch.prepare(rows, signs.maxDistance());
        long[] code = signs.encode(query);
        if (allowed.count() == rows) {
            signs.distances(code, rows, scratch.distances, scratch.histogram);
            int threshold = threshold(scratch.histogram, candidates);
            for (int row = 0; row < rows; row++) {
                if (scratch.distances[row] <= threshold) {
                    best.offer(row, layout.dot(row, query));
                }
            }
        } else {
            scanAllowedCodes(signs, code, query, candidates, allowed, scratch, best);
        }
        scratches.offer(scratch);
    }

    private void scanAllowedCodes(
            SignCodes signs, long[] code, float[] query, int candidates, RowSet allowed, Scratch scratch, TopK best) {
        for (int row = allowed.next(0, rows); row < rows; row = allowed.next(row + 1, rows)) {
            int distance = signs.distance(row, code);
            scratch.distances[row] = (short) distance;
            scratch.histogram[distance]++;
        }
        int threshold = threshold(scratch.histogram, candidates);
        for (int row = allowed.next(0, rows); row < rows; row = allowed.next(row + 1, rows)) {
            if (scratch.distances[row] <= threshold) {
                best.offer(row, layout.dot(row, query));
            }
        }
    }

    /** The smallest distance within which at least {@code candidates} rows lie. */
    private static int threshold(int[] histogram, int candidates) {
        int sum = 0;
        for (int distance = 0; distance < histogram.length; distance++) {
            sum += histogram[distance];
            if (sum >= candidates) {
                return distance;
            }
        }
        return histogram.length;
    }

    /** Measures again if the store has doubled since the last time, or for the first time when it is large enough. */
    void measureIfGrown() {
        int enough = mode == ScanMode.BINARY ? 1 : WORTH_CODES;
        boolean grown = live.count() >= GROWTH_BEFORE_NEW_MEASURE * status.measuredRows();
        if (mode != ScanMode.EXACT && live.count() >= enough && grown) {
            measure();
        }
    }

    /** Measures the recall of sign codes on the vectors held now, and takes the mode and oversampling that follow. */
    void measure() {
        if (mode == ScanMode.EXACT || live.count() == 0 || (mode == ScanMode.AUTO && live.count() < WORTH_CODES)) {
            return;
        }
        float[] centre = mean();
        RecallSample sample = RecallSample.take(layout, centre, rows, live);
        SignCodes candidate = encodeAll(centre);
        double share = mode == ScanMode.BINARY ? 1 : MAX_CANDIDATE_SHARE;
        RecallSample.Recall recall = sample.choose(candidate, rows, live, targetRecall, share);
        boolean reached = recall.lowerBound() >= targetRecall;
        if (reached || mode == ScanMode.BINARY) {
            useCodes(candidate, recall, reached);
        } else {
            useExact(recall);
        }
    }

    private void useCodes(SignCodes candidate, RecallSample.Recall recall, boolean reached) {
        if (codes == null && mappedFolder == null) {
            layout = copyTo(new RowLayout(length));
        }
        codes = candidate;
        String reason = reached
                ? "sign codes reach the target recall"
                : "sign codes were asked for; their recall stays below the target";
        status = new ScanStatus(
                ScanMode.BINARY,
                recall.oversampling(),
                OptionalDouble.of(recall.mean()),
                targetRecall,
                live.count(),
                reason);
    }

    private void useExact(RecallSample.Recall recall) {
        if (codes != null && mappedFolder == null) {
            layout = copyTo(new BlockLayout(length));
        }
        codes = null;
        String reason = String.format(
                Locale.ROOT,
                "sign codes give recall %.3f with %d candidates for each result, below the target",
                recall.mean(),
                recall.oversampling());
        status =
                new ScanStatus(ScanMode.EXACT, 0, OptionalDouble.of(recall.mean()), targetRecall, live.count(), reason);
    }

    private VectorLayout copyTo(VectorLayout target) {
        float[] vector = new float[length];
        for (int row = 0; row < rows; row++) {
            layout.copy(row, vector);
            target.put(row, vector);
        }
        return target;
    }

    /**
     * Codes around the mean vector: a dimension in which all vectors lie on one side of zero would have a worthless
     * bit.
     */
    private SignCodes encodeAll(float[] centre) {
        SignCodes encoded = new SignCodes(dimension, centre);
        float[] vector = new float[length];
        for (int row = 0; row < rows; row++) {
            layout.copy(row, vector);
            encoded.put(row, vector);
        }
        return encoded;
    }

    private float[] mean() {
        double[] sums = new double[length];
        float[] vector = new float[length];
        for (int row = live.next(0, rows); row < rows; row = live.next(row + 1, rows)) {
            layout.copy(row, vector);
            for (int d = 0; d < length; d++) {
                sums[d] += vector[d];
            }
        }
        float[] mean = new float[length];
        for (int d = 0; d < length; d++) {
            mean[d] = (float) (sums[d] / live.count());
        }
        return mean;
    }
}

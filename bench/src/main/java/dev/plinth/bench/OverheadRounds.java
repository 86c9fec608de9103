package dev.plinth.bench;

import dev.plinth.bench.overhead.Call;
import dev.plinth.bench.overhead.Cost;
import dev.plinth.bench.overhead.Overhead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures clients by turns, round by round, so that what else the machine does hits all alike; a ratio is one of
 * neighbours in time.
 */
final class OverheadRounds {
    private static final String PLINTH = "plinth";
    private static final String FLOOR = "floor";

    private final Overhead overhead;
    private final List<String> clients;
    private final boolean cold;
    private final OverheadReport report;

    private interface Measurement {
        double of(String client) throws Exception;
    }

    OverheadRounds(Overhead overhead, List<String> clients, boolean cold, OverheadReport report) {
        this.overhead = overhead;
        this.clients = clients;
        this.cold = cold;
        this.report = report;
    }

    void run(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            System.err.println("round " + (round + 1) + " of " + rounds);
            List<String> turn = new ArrayList<>(clients);
            if (round % 2 == 1) {
                Collections.reverse(turn);
            }
            for (Call call : Call.values()) {
                costs(call, turn);
            }
            times("first-delta", "us", turn, overhead::firstDeltaMicros);
            if (cold) {
                times("cold-start", "ms", turn, overhead::coldStartMillis);
            }
        }
    }

    private void costs(Call call, List<String> turn) throws Exception {
        Map<String, Cost> costs = new HashMap<>();
        for (String client : turn) {
            costs.put(client, cost(call, client));
        }
        Cost plinth = costs.get(PLINTH);
        Cost floor = costs.get(FLOOR);
        if (plinth != null) {
            tracing(call, plinth, costs);
        }
        if (plinth != null && floor != null) {
            report.add(call.figure() + ".ratio.bytes", plinth.bytesRatio(floor));
            report.add(call.figure() + ".ratio.cpu", plinth.cpuRatio(floor));
        }
        if (plinth != null && floor != null && call == Call.EMBEDDINGS_FLOAT) {
            Cost bound = cost(call, Overhead.DATA_BINDING);
            report.add(call.figure() + ".databinding-ratio.bytes", plinth.bytesRatio(bound));
        }
    }

    private void tracing(Call call, Cost without, Map<String, Cost> costs) {
        for (String traced : Overhead.TRACED) {
            Cost cost = costs.get(traced);
            if (cost != null) {
                String figure = call.figure() + "." + traced + ".ratio";
                report.add(figure + ".bytes", cost.bytesRatio(without));
                report.add(figure + ".cpu", cost.cpuRatio(without));
            }
        }
    }

    private Cost cost(Call call, String client) throws Exception {
        Cost cost = overhead.cost(call, client);
        String figure = call.figure() + "." + client;
        report.add(figure + ".bytes", cost.bytes());
        report.add(figure + ".cpu.us", cost.cpuMicros());
        System.err.printf(Locale.ROOT, "%s: %.1f bytes, %.3f us of CPU%n", figure, cost.bytes(), cost.cpuMicros());
        return cost;
    }

    private void times(String figure, String unit, List<String> turn, Measurement measurement) throws Exception {
        Map<String, Double> times = new HashMap<>();
        for (String client : turn) {
            double time = measurement.of(client);
            times.put(client, time);
            report.add(figure + "." + client + "." + unit, time);
            System.err.printf(Locale.ROOT, "%s.%s: %.1f %s%n", figure, client, time, unit);
        }
        for (String traced : Overhead.TRACED) {
            if (times.containsKey(PLINTH) && times.containsKey(traced)) {
                report.add(figure + "." + traced + ".ratio", times.get(traced) / times.get(PLINTH));
            }
        }
        if (times.containsKey(PLINTH) && times.containsKey(FLOOR)) {
            report.add(figure + ".ratio", times.get(PLINTH) / times.get(FLOOR));
        }
    }
}

package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeLedgerTest {
    private final FakeLedger ledger = FakeLedger.create();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 499, 500, 501, 1000, 1234})
    void isGoneThroughOnceEvenWhileDocumentsAreRemoved(int documents) {
        Map<String, Ledger.Entry> entries = new TreeMap<>();
        for (int i = 0; i < documents; i++) {
            Ledger.Failure failure = new Ledger.Failure("1", "cause", 1, Instant.EPOCH);
            entries.put("doc" + i, new Ledger.Entry(null, null, failure));
        }
        ledger.put("wiki", entries);
        List<String> walked = new ArrayList<>();
        ledger.forEachPage("wiki", page -> {
            walked.addAll(page.keySet());
            ledger.remove("wiki", page.keySet());
        });
        assertThat(walked).containsExactlyElementsOf(entries.keySet());
        assertThat(ledger.list("wiki", null, 1)).isEmpty();
    }
}

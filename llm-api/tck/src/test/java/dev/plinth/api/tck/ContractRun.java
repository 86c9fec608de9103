package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs a contract suite and says which of its tests failed, and which were skipped. */
final class ContractRun {
    private final Events events;

    private ContractRun(Class<?> suite) {
        this.events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute()
                .testEvents();
    }

    static ContractRun of(Class<?> suite) {
        return new ContractRun(suite);
    }

    Set<String> failed() {
        return names(events.failed());
    }

    Set<String> skipped() {
        return names(events.aborted());
    }

    /** The suite catches this fault with these tests; it may catch it with more. */
    static void fails(Class<?> suite, String... tests) {
        ContractRun run = of(suite);
        assertThat(run.failed()).as(suite.getSimpleName()).contains(tests);
        assertThat(run.events.succeeded().count()).as("tests that still pass").isPositive();
    }

    private static Set<String> names(Events events) {
        return events.stream()
                .map(Event::getTestDescriptor)
                .map(descriptor -> descriptor.getDisplayName().replace("()", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

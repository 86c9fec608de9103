package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs a contract suite and says which of its tests failed, and which were skipped. */
final class ContractRun {
    private final Events events;

    private ContractRun(List<? extends DiscoverySelector> selectors) {
        this.events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectors.toArray(DiscoverySelector[]::new))
                .execute()
                .testEvents();
    }

    static ContractRun of(Class<?> suite) {
        return new ContractRun(List.of(selectClass(suite)));
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

    /** Each of these tests catches the fault of the suite; the others are not run, since that takes its time. */
    static void eachFails(Class<?> suite, String... tests) {
        ContractRun run = new ContractRun(
                Arrays.stream(tests).map(test -> selectMethod(suite, test)).toList());
        assertThat(run.failed()).as(suite.getSimpleName()).containsExactlyInAnyOrder(tests);
    }

    private static Set<String> names(Events events) {
        return events.stream()
                .map(Event::getTestDescriptor)
                .map(descriptor -> descriptor.getDisplayName().replace("()", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

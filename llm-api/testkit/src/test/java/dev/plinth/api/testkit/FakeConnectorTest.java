package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Connector.Item;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract of connectors does not ask. */
class FakeConnectorTest {
    private final FakeConnector source =
            FakeConnector.create("wiki").put("a", "first").put("b", "second");

    @Test
    void mayOnlyKnowEverything() {
        String since = source.list(null).since();
        Connector.Page all = source.tellChanges(false).list(since);
        assertThat(all.complete()).isTrue();
        assertThat(all.items()).extracting(Item::id).containsExactly("a", "b");
        assertThat(all.since()).isNull();
        assertThat(source.tellChanges(true).list(since).items()).isEmpty();
    }

    @Test
    void failsAndHeals() {
        Item a = source.list(null).items().get(0);
        StoreException failure = new StoreException("broken");
        source.failFetch("a", failure).failList(failure);
        assertThatThrownBy(() -> source.fetch(a)).isSameAs(failure);
        assertThatThrownBy(() -> source.list(null)).isSameAs(failure);
        source.failFetch("a", null).failList(null);
        assertThat(source.fetch(a).text()).isEqualTo("first");
        assertThat(source.list(null).total()).isEqualTo(2);
    }

    @Test
    void runsAnActionBeforeEveryFetch() {
        List<String> fetched = new ArrayList<>();
        source.beforeFetch(item -> fetched.add(item.id()));
        source.list(null).items().forEach(source::fetch);
        assertThat(fetched).containsExactly("a", "b");
    }

    @Test
    void whatIsPutAgainAsItIsChangesNothing() {
        Connector.Page before = source.list(null);
        source.put("a", "first").remove("never there");
        assertThat(source.list(null)).isEqualTo(before);
    }
}

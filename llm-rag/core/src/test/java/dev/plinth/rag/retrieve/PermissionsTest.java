package dev.plinth.rag.retrieve;

import static dev.plinth.rag.Chunks.chunk;
import static dev.plinth.rag.Chunks.embedded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Grants;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.rag.WordVectors;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.query.Search;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a caller may not read is not found, whatever the way of searching. */
class PermissionsTest {
    private static final List<String> NAMES = List.of("user:a", "user:b", "team:sales", "application:desk", "group:hr");
    private final WordVectors model = new WordVectors();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    private void put(String id, Metadata readers) {
        index.upsert(List.of(embedded(chunk(id, "salaries of the board").withMetadata(readers))));
    }

    private static Set<String> found(Retriever retriever, CallContext context) {
        return retriever.retrieve(RetrievalRequest.of("salaries", 100).in(context)).matches().stream()
                .map(match -> match.chunk().id())
                .collect(Collectors.toSet());
    }

    private static CallContext caller(String application, String team, String user) {
        return CallContext.builder()
                .principal(new Principal(application, team, user))
                .build();
    }

    private List<Retriever> everyWay() {
        HybridRetriever.Builder builder = HybridRetriever.builder(index, model);
        return List.of(
                builder.mode(SearchMode.DENSE).build(),
                builder.mode(SearchMode.BM25).build(),
                builder.mode(SearchMode.RRF).build(),
                builder.mode(SearchMode.WEIGHTED).build(),
                builder.queries(request -> List.of(Search.of("board"), Search.of("salaries")))
                        .build(),
                ParentRetriever.over(HybridRetriever.over(index, model)),
                RefinedRetriever.builder(HybridRetriever.over(index, model))
                        .then(Diversity.of(index))
                        .build());
    }

    @Test
    void callerReadsAsUserTeamAndApplication() {
        put("everyone", Readers.EVERYONE.on(Metadata.NONE));
        put("mine", Readers.of("user:a").on(Metadata.NONE));
        put("theirs", Readers.of("user:b").on(Metadata.NONE));
        put("team", Readers.of("team:sales", "user:b").on(Metadata.NONE));
        put("application", Readers.of("application:desk").on(Metadata.NONE));
        put("nobody", Readers.NOBODY.on(Metadata.NONE));
        put("unsaid", Metadata.NONE);
        for (Retriever retriever : everyWay()) {
            assertThat(found(retriever, caller("desk", "sales", "a")))
                    .containsExactlyInAnyOrder("everyone", "mine", "team", "application");
            assertThat(found(retriever, CallContext.EMPTY)).containsExactly("everyone");
        }
    }

    @Test
    void filterOfTheRequestCannotWidenIt() {
        put("theirs", Readers.of("user:b").on(Metadata.NONE));
        Retriever retriever = HybridRetriever.over(index, model);
        Filter wide = Filter.contains(Readers.FIELD, "user:b").or(Filter.all());
        assertThat(retriever
                        .retrieve(RetrievalRequest.of("salaries", 5).where(wide).in(caller("desk", "sales", "a")))
                        .matches())
                .isEmpty();
    }

    @Test
    void directoryThatDoesNotAnswerEndsTheSearch() {
        put("everyone", Readers.EVERYONE.on(Metadata.NONE));
        Retriever retriever = HybridRetriever.builder(index, model)
                .grants(context -> {
                    throw new IllegalStateException("directory: down");
                })
                .build();
        assertThatThrownBy(() -> found(retriever, CallContext.EMPTY)).hasMessage("directory: down");
    }

    @Property(tries = 60)
    void foundIsExactlyWhatSharesAName(
            @ForAll @Size(max = 12) List<@Size(max = 3) Set<@IntRange(max = 4) Integer>> documents,
            @ForAll @Size(max = 4) Set<@IntRange(max = 4) Integer> groups) {
        PermissionsTest fresh = new PermissionsTest();
        for (int i = 0; i < documents.size(); i++) {
            fresh.put("d" + i, new Readers(names(documents.get(i))).on(Metadata.NONE));
        }
        Grants grants = context -> names(groups);
        Retriever retriever =
                HybridRetriever.builder(fresh.index, fresh.model).grants(grants).build();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < documents.size(); i++) {
            if (documents.get(i).stream().anyMatch(groups::contains)) {
                expected.add("d" + i);
            }
        }
        assertThat(found(retriever, CallContext.EMPTY)).isEqualTo(expected);
    }

    private static Set<String> names(Set<Integer> numbers) {
        return numbers.stream().map(NAMES::get).collect(Collectors.toSet());
    }
}

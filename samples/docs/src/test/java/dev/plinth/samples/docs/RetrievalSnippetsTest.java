package dev.plinth.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.Message;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Grants;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.Reply;
import dev.plinth.api.testkit.ScriptedChatModel;
import dev.plinth.rag.answer.Answer;
import dev.plinth.rag.answer.ExtractiveAnswerer;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.health.IndexHealth;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestProgress;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.Ingestion;
import dev.plinth.rag.ingest.ReEmbedding;
import dev.plinth.rag.quality.Judgement;
import dev.plinth.rag.quality.RetrievalTrial;
import dev.plinth.rag.query.HistoryCompression;
import dev.plinth.rag.query.MultiQuery;
import dev.plinth.rag.retrieve.Diversity;
import dev.plinth.rag.retrieve.HybridRetriever;
import dev.plinth.rag.retrieve.RefinedRetriever;
import dev.plinth.rag.retrieve.Reranking;
import dev.plinth.rag.retrieve.TokenBudget;
import dev.plinth.rag.retrieve.VectorWeight;
import dev.plinth.rag.version.IndexVersions;
import dev.plinth.rag.version.StoreOpener;
import dev.plinth.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the pages on documents and questions over them. */
class RetrievalSnippetsTest {

    @TempDir
    Path folder;

    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final EmbeddingModel embedding = Samples.embedding();
    private final InMemoryIndex index = InMemoryIndex.forModel(embedding).build();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("shipping.md"), "# Shipping\n\nWe do not ship to PO boxes.\n");
    }

    @AfterEach
    void close() {
        executor.shutdown();
    }

    @Test
    void retrieval() {
        Path file = folder.resolve("docs.idx");
        // snippet: retrieval
        InMemoryIndex index = InMemoryIndex.forModel(embedding).loadIfExists(file);
        IngestReport report = Ingestion.into(index, embedding).run(FolderConnector.of(folder));
        index.save(file);

        Retriever retriever = HybridRetriever.over(index, embedding);
        Answer answer = ExtractiveAnswerer.over(retriever, embedding).answer("Do you ship to PO boxes?");
        // end
        assertThat(report.stored()).isEqualTo(1);
        assertThat(answer.text()).contains("We do not ship to PO boxes.");
        assertThat(answer.citations().get(0).place()).endsWith("shipping.md:3");
    }

    @Test
    void ingestion() {
        List<IngestProgress> shown = new ArrayList<>();
        Connector connector = FolderConnector.of(folder);
        Consumer<IngestProgress> bar = shown::add;
        // snippet: ingestion
        IngestReport report = Ingestion.builder(index, embedding)
                .parallel(4, executor)
                .onProgress(bar) // documents and chunks, done and in all
                .build()
                .run(connector);
        System.out.println(report.summary());
        // end
        assertThat(report.stored()).isEqualTo(1);
        assertThat(shown).isNotEmpty();
    }

    @Test
    void permissions() {
        ingestion();
        Grants directory = context -> Set.of("group:support");
        // snippet: permissions
        Retriever retriever =
                HybridRetriever.builder(index, embedding).grants(directory).build();
        CallContext caller = CallContext.builder()
                .principal(new Principal("help-desk", "support", "u-7f3a"))
                .build();
        Retrieval found = retriever.retrieve(
                RetrievalRequest.of("Do you ship to PO boxes?", 5).in(caller));
        // end
        assertThat(found.matches()).hasSize(1);
    }

    @Test
    void refinements() {
        ingestion();
        Reranker reranker = FakeReranker.create();
        // snippet: refinements
        Retriever retriever = RefinedRetriever.builder(HybridRetriever.over(index, embedding))
                .candidates(50)
                .then(Reranking.by(reranker).share(0.5)) // half of the score, the search keeps the other
                .then(Diversity.of(index)) // leaves out what says the same again
                .then(TokenBudget.of(3000, text -> text.length() / 4))
                .build();
        // end
        assertThat(retriever.retrieve(RetrievalRequest.of("PO boxes", 5)).matches())
                .hasSize(1);
    }

    @Test
    void trial() {
        ingestion();
        ChatModel chat = ScriptedChatModel.builder()
                .otherwise(request -> Reply.text("post office boxes"))
                .build();
        List<Judgement> judgements = IntStream.range(0, 10)
                .mapToObj(i -> new Judgement("Do you ship to PO box " + i + "?", Map.of("shipping.md", 1)))
                .toList();
        // snippet: trial
        HybridRetriever plain = HybridRetriever.over(index, embedding);
        Retriever wide = HybridRetriever.builder(index, embedding)
                .queries(HistoryCompression.by(chat).then(MultiQuery.by(chat)))
                .build();
        RetrievalTrial trial = RetrievalTrial.on(judgements);
        Retriever best = trial.run(plain, wide).winner(); // plain, unless the gain is shown

        double weight = VectorWeight.tune(plain, trial).weight(); // 0.5, unless another is shown to be better
        // end
        assertThat(best).isSameAs(plain);
        assertThat(weight).isEqualTo(0.5);
    }

    @Test
    void conversation() {
        ingestion();
        Retriever retriever = HybridRetriever.over(index, embedding);
        List<Message> turns = List.of(Message.user("Where do you ship?"), Message.assistant("Almost anywhere [1]."));
        // snippet: follow-up
        Answer answer = ExtractiveAnswerer.over(retriever, embedding)
                .answer(RetrievalRequest.of("And to PO boxes?", 5).after(turns));
        // end
        assertThat(answer.text()).contains("PO boxes");
    }

    @Test
    void versions() {
        EmbeddingModel newModel = FakeEmbeddingModel.create("new-model", 32);
        StoreOpener<InMemoryIndex> opener = new StoreOpener<>() {
            @Override
            public InMemoryIndex open(String name, VectorStore.Stamp stamp) {
                return InMemoryIndex.builder(stamp).build();
            }

            @Override
            public void drop(String name) {}
        };
        IndexVersions<InMemoryIndex> docs = IndexVersions.of("docs", folder.resolve("versions"), opener);
        int now = docs.create(embedding).number();
        InMemoryIndex old = docs.open(now);
        Ingestion.into(old, embedding).run(FolderConnector.of(folder));
        docs.activate(now);
        // snippet: versions
        int next = docs.create(newModel).number();
        InMemoryIndex fresh = docs.open(next);
        ReEmbedding.of(old, old).run(Ingestion.into(fresh, newModel)); // throws unless all is there
        docs.activate(next); // one step; docs.rollBack() takes it back
        // end
        assertThat(fresh.size()).isEqualTo(old.size()).isPositive();
        docs.close();
    }

    @Test
    void health() {
        ingestion();
        OpenTelemetry openTelemetry = OpenTelemetry.noop();
        Retriever retriever = HybridRetriever.over(index, embedding);
        // snippet: index-health
        IndexHealth health = IndexHealth.builder(index, index, embedding).build();
        Retriever watched = health.watch(retriever);
        Consumer<Map<String, Double>> gauges = Tracing.of(openTelemetry).gauges(Attributes.empty());

        gauges.accept(health.measure().figures()); // on a schedule of yours
        // end
        watched.retrieve(RetrievalRequest.of("PO boxes", 5));
        assertThat(health.measure().figures()).containsEntry("rag.retrievals", 1.0);
    }
}

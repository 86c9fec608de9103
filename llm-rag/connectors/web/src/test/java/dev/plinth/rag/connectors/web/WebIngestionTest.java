package dev.plinth.rag.connectors.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.StubAnswer;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.ingest.Ingestion;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A site in an index, from run to run. */
class WebIngestionTest {
    private final TestSite site = new TestSite();
    private final FakeEmbeddingModel model = FakeEmbeddingModel.create();
    private final InMemoryIndex index = InMemoryIndex.forModel(model).build();

    @AfterEach
    void close() {
        site.close();
    }

    private IngestReport run(boolean everything) {
        try (WebConnector pages =
                WebConnector.of(site.url("/")).delay(Duration.ZERO).pageSize(2).build()) {
            Ingestion ingestion = Ingestion.into(index, model);
            return everything ? ingestion.runFully(pages) : ingestion.run(pages);
        }
    }

    private void page(String target, String text) {
        site.html(target, "<main><h1>" + text + "</h1><p>More of it. <a href='/'>Home</a></p></main>");
    }

    private int found(String words) {
        return index.search(new TextQuery(words, 10)).size();
    }

    @Test
    void indexFollowsTheSite() {
        site.html("/", "<p>Welcome <a href='/a'>a</a> <a href='/b'>b</a> <a href='/c'>c</a> <a href='/d'>d</a>");
        page("/a", "Apples");
        page("/b", "Bananas");
        page("/c", "Cherries");
        page("/d", "Dates");
        assertThat(run(false).count(Status.ADDED)).isEqualTo(5);
        assertThat(found("cherries")).isEqualTo(1);

        page("/a", "Apricots");
        site.remove("/b");
        site.answer("/c", StubAnswer.text(500, "broken"));
        IngestReport second = run(false);
        assertThat(second.count(Status.CHANGED)).isEqualTo(1);
        assertThat(second.count(Status.REMOVED)).isEqualTo(1);
        assertThat(second.count(Status.SKIPPED)).isEqualTo(1);
        assertThat(found("apricots")).isEqualTo(1);
        assertThat(found("bananas")).isZero();
        assertThat(found("cherries")).as("broken is not gone").isEqualTo(1);

        assertThat(run(true).count(Status.REMOVED))
                .as("who knows what the broken page leads to")
                .isZero();
        assertThat(found("cherries")).isEqualTo(1);

        page("/c", "Cherries");
        site.html("/", "<p>Welcome <a href='/a'>a</a> <a href='/c'>c</a>");
        assertThat(run(false).count(Status.REMOVED))
                .as("nothing leads there, but it is there")
                .isZero();
        assertThat(run(true).count(Status.REMOVED)).isEqualTo(1);
        assertThat(found("dates")).isZero();
    }
}

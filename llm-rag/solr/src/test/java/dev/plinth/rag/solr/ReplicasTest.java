package dev.plinth.rag.solr;

import static dev.plinth.rag.solr.Samples.embedded;
import static dev.plinth.rag.solr.Samples.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.solr.cloud.MiniSolrCloudCluster;
import org.apache.solr.embedded.JettySolrRunner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two shards, each on both nodes, of which one is stopped. */
@Tag("once")
@ExtendWith(TestCluster.class)
class ReplicasTest {
    private static final float[] X = {1, 0};

    @Test
    void whatWasWrittenOutlivesANode() throws Exception {
        MiniSolrCloudCluster cluster = TestCluster.cluster();
        TestCluster.shared(new VectorStore.Stamp("contract-model", 8)).open(); // half of it is on that node as well
        SolrIndex index = SolrIndex.builder(TestCluster.servers(), "replicas", new VectorStore.Stamp("model", 2))
                .shards(2)
                .replicas(2)
                .configSet("plinth-replicas")
                .open();
        cluster.waitForActiveCollection("replicas", 2, 4);
        index.upsert(chunks("before"));
        JettySolrRunner stopped = cluster.stopJettySolrRunner(0);
        cluster.waitForJettyToStop(stopped);
        try {
            assertThat(index.size()).isEqualTo(20);
            index.upsert(chunks("during"));
            assertThat(ids(index.search(new VectorQuery(X, 100)))).hasSize(40);
            assertThat(index.search(new TextQuery("zebra", 100))).hasSize(40);
        } finally {
            cluster.startJettySolrRunner(stopped);
            cluster.waitForNode(stopped, 60);
        }
        cluster.waitForActiveCollection("replicas", 60, TimeUnit.SECONDS, 2, 4);
        cluster.waitForActiveCollection("docs", 60, TimeUnit.SECONDS, 2, 2);
        assertThat(index.size()).isEqualTo(40);
    }

    private static List<Embedded> chunks(String version) {
        return IntStream.range(0, 20)
                .mapToObj(i -> embedded(version + i, "zebra", 1, i))
                .toList();
    }
}

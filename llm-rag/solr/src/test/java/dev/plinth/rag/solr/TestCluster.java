package dev.plinth.rag.solr;

import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.rest.RestClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.solr.cloud.MiniSolrCloudCluster;
import org.apache.solr.embedded.JettySolrRunner;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two nodes of Solr and a ZooKeeper, in this process, for all tests; each has a collection or a tenant of its own. */
final class TestCluster implements BeforeAllCallback {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static MiniSolrCloudCluster cluster;

    @Override
    public synchronized void beforeAll(ExtensionContext context) throws Exception {
        if (cluster == null) {
            System.setProperty(
                    "solr.log.dir", Files.createTempDirectory("solr-log").toString());
            cluster = start();
            AutoCloseable stop = () -> cluster.shutdown();
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(TestCluster.class))
                    .put("cluster", stop);
        }
    }

    private static MiniSolrCloudCluster start() throws Exception {
        return new MiniSolrCloudCluster.Builder(2, Files.createTempDirectory("solr"))
                .addConfig("plinth", configSet())
                .addConfig("plinth-replicas", configSet())
                .addConfig("plinth-small", configSet())
                .addConfig("plinth-given", configSet())
                .configure();
    }

    private static Path configSet() throws Exception {
        return Path.of(TestCluster.class.getResource("/solr/solrconfig.xml").toURI())
                .getParent();
    }

    static MiniSolrCloudCluster cluster() {
        return cluster;
    }

    /** The addresses of all nodes. */
    static URI[] addresses() {
        return cluster.getJettySolrRunners().stream()
                .map(JettySolrRunner::getBaseUrl)
                .map(url -> URI.create(url.toString()))
                .toArray(URI[]::new);
    }

    static RestClient servers() {
        return RestClient.builder(addresses()).build();
    }

    /** Two shards on two nodes, one collection for each number of dimensions. */
    static SolrIndex.Builder shared(VectorStore.Stamp stamp) {
        return SolrIndex.builder(servers(), "docs", stamp).shards(2).configSet("plinth");
    }

    /** One shard on one node; of the same model as the other, whose schema it has. */
    static SolrIndex.Builder oneShard(VectorStore.Stamp stamp) {
        return SolrIndex.builder(servers(), "words", stamp).configSet("plinth");
    }

    /** A name that no test had yet. */
    static String fresh(String start) {
        return start + NUMBER.incrementAndGet();
    }
}

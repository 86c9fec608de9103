package dev.plinth.rag.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark in this process: two tasks at once, each tried three times. */
final class LocalCluster {
    private LocalCluster() {}

    static JavaSparkContext start(String serializer) {
        return new JavaSparkContext(new SparkConf()
                .setMaster("local[2,3]")
                .setAppName("plinth-test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.local.dir", System.getProperty("java.io.tmpdir"))
                .set("spark.serializer", serializer));
    }
}

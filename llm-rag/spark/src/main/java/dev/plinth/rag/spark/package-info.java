/** An ingestion as a Spark job: {@link dev.plinth.rag.spark.SparkIngestion}. */
@NullMarked
package dev.plinth.rag.spark;

import org.jspecify.annotations.NullMarked;

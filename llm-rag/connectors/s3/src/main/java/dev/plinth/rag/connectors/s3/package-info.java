/** The objects of a bucket as documents: {@link dev.plinth.rag.connectors.s3.S3Connector}. */
@NullMarked
package dev.plinth.rag.connectors.s3;

import org.jspecify.annotations.NullMarked;

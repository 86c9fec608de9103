/** An index in OpenSearch. */
@NullMarked
package dev.plinth.rag.opensearch;

import org.jspecify.annotations.NullMarked;

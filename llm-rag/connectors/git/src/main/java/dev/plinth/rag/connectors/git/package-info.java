/** Documents out of Git repositories: {@link dev.plinth.rag.connectors.git.GitConnector}. */
@NullMarked
package dev.plinth.rag.connectors.git;

import org.jspecify.annotations.NullMarked;

/** Chat and embeddings on AWS Bedrock. Begin at {@link dev.plinth.providers.bedrock.Bedrock}. */
@NullMarked
package dev.plinth.providers.bedrock;

import org.jspecify.annotations.NullMarked;

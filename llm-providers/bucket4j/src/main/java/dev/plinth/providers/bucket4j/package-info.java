/** Limits on calls that many processes share, over Bucket4j. */
@NullMarked
package dev.plinth.providers.bucket4j;

import org.jspecify.annotations.NullMarked;

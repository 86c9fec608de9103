/**
 * What the providers' batches have in common: an adapter extends {@link dev.plinth.providers.batch.HttpChatBatches} and
 * {@link dev.plinth.providers.batch.FileResults}.
 */
@NullMarked
package dev.plinth.providers.batch;

import org.jspecify.annotations.NullMarked;

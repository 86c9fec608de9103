/**
 * Counting tokens for OpenAI's models without asking them. Begin at {@link
 * dev.plinth.providers.jtokkit.JtokkitTokenCounter}.
 */
@NullMarked
package dev.plinth.providers.jtokkit;

import org.jspecify.annotations.NullMarked;

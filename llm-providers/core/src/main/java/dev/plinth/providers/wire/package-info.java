/**
 * What the wire protocols of chat and embedding models have in common: an adapter writes a {@link
 * dev.plinth.providers.wire.ChatProtocol} and a reader of its answers, and has a chat model.
 */
@NullMarked
package dev.plinth.providers.wire;

import org.jspecify.annotations.NullMarked;

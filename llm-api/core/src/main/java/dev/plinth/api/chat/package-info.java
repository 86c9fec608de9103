/** Chat models: requests, responses, streams, messages and their parts. */
@NullMarked
package dev.plinth.api.chat;

import org.jspecify.annotations.NullMarked;

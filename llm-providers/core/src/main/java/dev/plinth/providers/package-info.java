/** What every provider adapter stands on: the HTTP transport, the stream decoder, errors of HTTP answers, secrets. */
@NullMarked
package dev.plinth.providers;

import org.jspecify.annotations.NullMarked;

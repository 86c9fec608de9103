/** What of the content of calls is recorded: nothing unless it is switched on, and then redacted and bounded. */
@NullMarked
package dev.plinth.tracing.content;

import org.jspecify.annotations.NullMarked;

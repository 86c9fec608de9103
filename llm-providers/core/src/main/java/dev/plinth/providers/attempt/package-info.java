/** What retries and routes share. Inside this module only. */
@NullMarked
package dev.plinth.providers.attempt;

import org.jspecify.annotations.NullMarked;

/** Limits on calls that many processes share through PostgreSQL. */
@NullMarked
package dev.plinth.providers.postgresql;

import org.jspecify.annotations.NullMarked;

/** What calls cost: the prices of models, and a ledger by who called for what. */
@NullMarked
package dev.plinth.tracing.cost;

import org.jspecify.annotations.NullMarked;

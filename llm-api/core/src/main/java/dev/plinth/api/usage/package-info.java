/** What a call used and what it cost, never a guess dressed as a fact. */
@NullMarked
package dev.plinth.api.usage;

import org.jspecify.annotations.NullMarked;

/** The model catalogue: a file says which models may be called, and what they cost. */
@NullMarked
package dev.plinth.governance;

import org.jspecify.annotations.NullMarked;

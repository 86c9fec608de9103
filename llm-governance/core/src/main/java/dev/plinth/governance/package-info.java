/** The model catalogue: a file says which models may be called, and what they cost. The kill switch: what may not go on. */
@NullMarked
package dev.plinth.governance;

import org.jspecify.annotations.NullMarked;

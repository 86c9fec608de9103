/** Many chat requests handed over at once, answered later and at a lower price. */
@NullMarked
package dev.plinth.api.batch;

import org.jspecify.annotations.NullMarked;

/** Whether traces stay whole whatever runs when and where. */
@NullMarked
package dev.plinth.bench.trace;

import org.jspecify.annotations.NullMarked;

/** Typed keys for what only one vendor knows. */
@NullMarked
package dev.plinth.api.option;

import org.jspecify.annotations.NullMarked;

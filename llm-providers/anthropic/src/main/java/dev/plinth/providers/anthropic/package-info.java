/** Chat and token counts over Anthropic's Messages API. Begin at {@link dev.plinth.providers.anthropic.Anthropic}. */
@NullMarked
package dev.plinth.providers.anthropic;

import org.jspecify.annotations.NullMarked;

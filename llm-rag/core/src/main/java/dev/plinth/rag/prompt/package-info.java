/** What the prompts of this module share. Not for users: the module does not export it. */
@NullMarked
package dev.plinth.rag.prompt;

import org.jspecify.annotations.NullMarked;

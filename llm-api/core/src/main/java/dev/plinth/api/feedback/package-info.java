/** What people say about an output, and the store that keeps it. */
@NullMarked
package dev.plinth.api.feedback;

import org.jspecify.annotations.NullMarked;

/** Takes feedback from an application and measures what an edit did to an output. */
@NullMarked
package dev.plinth.feedback;

import org.jspecify.annotations.NullMarked;

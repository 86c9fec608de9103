/** Holds what the documentation says against the code: its Java, its tables, its links, and the architecture. */
@NullMarked
package dev.plinth.samples.docs;

import org.jspecify.annotations.NullMarked;

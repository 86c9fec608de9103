/** The adapters held against what official clients sent and read, and against answers out of a file. */
@NullMarked
package dev.plinth.bench.wire;

import org.jspecify.annotations.NullMarked;

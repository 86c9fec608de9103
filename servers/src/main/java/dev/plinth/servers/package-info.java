/** Real servers on free ports of the loopback, for tests and bench. */
@NullMarked
package dev.plinth.servers;

import org.jspecify.annotations.NullMarked;

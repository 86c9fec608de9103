/**
 * What a call costs on the client's side: the same calls made by Plinth and by hand-written code, answered by a server
 * in a process of its own.
 */
@NullMarked
package dev.plinth.bench.overhead;

import org.jspecify.annotations.NullMarked;

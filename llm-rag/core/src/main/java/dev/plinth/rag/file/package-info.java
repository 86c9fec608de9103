/** Files that others read while they are written; of no use outside this module. */
@NullMarked
package dev.plinth.rag.file;

import org.jspecify.annotations.NullMarked;

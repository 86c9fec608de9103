/** Where the limits on calls are kept, in one process or shared by many. */
@NullMarked
package dev.plinth.api.limit;

import org.jspecify.annotations.NullMarked;

/** Choosing among several deployments, call by call, and going elsewhere when one fails. */
@NullMarked
package dev.plinth.providers.route;

import org.jspecify.annotations.NullMarked;

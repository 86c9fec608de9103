/** Models, stores, clocks and servers that do what a test tells them. */
@NullMarked
package dev.plinth.api.testkit;

import org.jspecify.annotations.NullMarked;

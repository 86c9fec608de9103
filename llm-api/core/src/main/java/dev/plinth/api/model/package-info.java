/** What a model is called and what it can do. */
@NullMarked
package dev.plinth.api.model;

import org.jspecify.annotations.NullMarked;

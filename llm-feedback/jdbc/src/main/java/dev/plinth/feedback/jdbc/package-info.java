/** Keeps feedback in a relational database: an H2 file, PostgreSQL or any other {@link javax.sql.DataSource}. */
@NullMarked
package dev.plinth.feedback.jdbc;

import org.jspecify.annotations.NullMarked;

/** Documents out of relational databases: {@link dev.plinth.rag.connectors.jdbc.JdbcConnector}. */
@NullMarked
package dev.plinth.rag.connectors.jdbc;

import org.jspecify.annotations.NullMarked;

/**
 * One suite per interface of llm-api. An implementor extends it, says how to make one, and runs it with JUnit 5:
 *
 * <pre>{@code
 * class MyStoreContractTest extends VectorStoreContract {
 *     @Override
 *     protected VectorStore open(Stamp stamp) {
 *         return new MyStore(stamp);
 *     }
 * }
 * }</pre>
 *
 * <p>What an implementation cannot do it declares with {@code unsupported()}; the tests of that are then reported as
 * skipped, by name. The tests are final: none can be switched off silently.
 */
@NullMarked
package dev.plinth.api.tck;

import org.jspecify.annotations.NullMarked;

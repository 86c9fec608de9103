package dev.plinth.tracing.content;

/**
 * Stores content elsewhere, such as in a bucket with a retention of its own, and leaves a reference in the trace.
 *
 * <pre>{@code
 * ContentUpload toBucket = content -> {
 *     String key = "content/" + UUID.randomUUID();
 *     executor.execute(() -> bucket.put(key, content.toJson()));
 *     return content.movedTo("s3://traces/" + key);
 * };
 * }</pre>
 *
 * <p>It runs once for each call whose content is captured, when the call has ended, on the thread that ends it, whether
 * or not the trace is sampled: hand slow work to an executor. It sees what is left after redaction and size limits. When
 * it throws, the content is not recorded either; the call itself is not affected. Thread-safe.
 */
@FunctionalInterface
public interface ContentUpload {

    /**
     * Stores the content.
     *
     * @return what is recorded in the trace: the same, a part of it, or only where it is now
     */
    CapturedContent store(CapturedContent content);
}

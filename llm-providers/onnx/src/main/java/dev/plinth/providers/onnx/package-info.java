/**
 * Models that run in this process on onnxruntime. {@link dev.plinth.providers.onnx.OnnxEmbeddings} and
 * {@link dev.plinth.providers.onnx.OnnxReranker} are the doors.
 */
@NullMarked
package dev.plinth.providers.onnx;

import org.jspecify.annotations.NullMarked;

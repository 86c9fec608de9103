/**
 * Models that run in this process on onnxruntime. {@link dev.plinth.providers.onnx.OnnxEmbeddings} is the door.
 */
@NullMarked
package dev.plinth.providers.onnx;

import org.jspecify.annotations.NullMarked;

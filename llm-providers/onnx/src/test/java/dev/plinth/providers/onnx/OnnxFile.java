package dev.plinth.providers.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes small ONNX models, field by field as onnx.proto3 numbers them. Messages of protobuf that follow one another
 * are one message, so every call appends a whole model that holds one thing, and a finished model can be given more.
 */
final class OnnxFile {

    static final int FLOAT = 1;
    static final int INT64 = 7;
    static final int BOOL = 9;

    private final Message model = new Message();

    private OnnxFile() {}

    /** An empty model, ONNX 1.7. */
    static OnnxFile create() {
        OnnxFile file = new OnnxFile();
        file.model.number(1, 7).message(8, new Message().text(1, "").number(2, 12));
        file.graph(2, new Message().bytes("test"));
        return file;
    }

    /** A finished model, to be given more outputs. */
    static OnnxFile after(byte[] model) {
        OnnxFile file = new OnnxFile();
        file.model.bytes(model);
        return file;
    }

    OnnxFile input(String name) {
        return graph(11, value(name, INT64, -1, -1));
    }

    /** @param shape -1: not known */
    OnnxFile output(String name, int type, long... shape) {
        return graph(12, value(name, type, shape));
    }

    OnnxFile integer(String name, long value) {
        return graph(5, new Message().number(2, INT64).number(7, value).text(8, name));
    }

    OnnxFile floats(String name, long[] shape, float... values) {
        Message tensor = new Message();
        for (long dimension : shape) {
            tensor.number(1, dimension);
        }
        tensor.number(2, FLOAT);
        for (float value : values) {
            tensor.fixed(4, value);
        }
        return graph(5, tensor.text(8, name));
    }

    OnnxFile node(String operator, List<String> inputs, String output, Message... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, operator);
        for (Message attribute : attributes) {
            node.message(5, attribute);
        }
        return graph(1, node);
    }

    static Message attribute(String name, long value) {
        return new Message().text(1, name).number(3, value).number(20, 2);
    }

    static Message axes(long axis) {
        return new Message().text(1, "axes").number(8, axis).number(20, 7);
    }

    Path write(Path file) {
        try {
            return Files.write(file, model.out.toByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private OnnxFile graph(int field, Message content) {
        model.message(7, new Message().message(field, content));
        return this;
    }

    private static Message value(String name, int type, long... shape) {
        Message dimensions = new Message();
        for (long dimension : shape) {
            dimensions.message(1, dimension < 0 ? new Message() : new Message().number(1, dimension));
        }
        Message tensor = new Message().number(1, type).message(2, dimensions);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** The fields of a protobuf message. */
    static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            variable(field << 3);
            variable(value);
            return this;
        }

        Message fixed(int field, float value) {
            variable(field << 3 | 5);
            int bits = Float.floatToIntBits(value);
            for (int shift = 0; shift < 32; shift += 8) {
                out.write(bits >> shift);
            }
            return this;
        }

        Message text(int field, String value) {
            return message(field, new Message().bytes(value));
        }

        Message message(int field, Message value) {
            variable(field << 3 | 2);
            variable(value.out.size());
            return bytes(value.out.toByteArray());
        }

        Message bytes(String value) {
            return bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Message bytes(byte[] value) {
            out.writeBytes(value);
            return this;
        }

        private void variable(long value) {
            long rest = value;
            for (; (rest & ~0x7F) != 0; rest >>>= 7) {
                out.write((int) rest & 0x7F | 0x80);
            }
            out.write((int) rest);
        }
    }
}

package dev.plinth.providers.llamacpp;

import static dev.plinth.providers.llamacpp.GgufFile.refused;
import static dev.plinth.providers.llamacpp.GgufFile.require;

import java.io.IOException;

/**
 * Where the weights of a GGUF file lie.
 *
 * @param offset of the first byte, from where the weights begin
 * @param bytes how many there are
 */
record GgufTensor(String name, long offset, long bytes) {

    private static final int MAX_DIMENSIONS = 4;

    static GgufTensor read(GgufReader reader) throws IOException {
        String name = reader.string("tensor.name");
        String what = "tensor " + name;
        int dimensions = reader.i32();
        require(dimensions >= 1 && dimensions <= MAX_DIMENSIONS, what + ".dimensions", dimensions, "1 to 4");
        long rowLength = side(reader, what);
        long numbers = rowLength;
        for (int i = 1; i < dimensions; i++) {
            long side = side(reader, what);
            require(numbers <= Long.MAX_VALUE / 1024 / side, what + ".shape", "too large", "what a file can hold");
            numbers *= side;
        }
        int id = reader.i32();
        GgmlType type = GgmlType.of(id);
        if (type == null) {
            throw refused(what + ".type", id, "a type that the engine knows");
        }
        require(rowLength % type.block() == 0, what + ".shape", rowLength, "rows in blocks of " + type.block());
        return new GgufTensor(name, reader.count(what + ".offset", reader.size()), type.bytes(numbers));
    }

    private static long side(GgufReader reader, String what) throws IOException {
        long side = reader.count(what + ".shape", Integer.MAX_VALUE);
        require(side > 0, what + ".shape", side, "> 0");
        return side;
    }
}

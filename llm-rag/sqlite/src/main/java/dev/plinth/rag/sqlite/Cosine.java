package dev.plinth.rag.sqlite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.Function;

/** Vectors as SQLite keeps them, 32-bit floats in little-endian order as sqlite-vec reads them, and their cosines. */
final class Cosine extends Function {
    /** Of a vector of length 1 and one to be set, both of one length. */
    static final String IN_JAVA = "plinth_cosine(unit, ?)";

    /** The same, by sqlite-vec. */
    static final String BY_EXTENSION = "1 - vec_distance_cosine(unit, ?)";

    private Cosine() {}

    static void addTo(Connection connection) throws SQLException {
        Function.create(connection, "plinth_cosine", new Cosine(), 2, Function.FLAG_DETERMINISTIC);
    }

    static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    static float[] vector(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        floats(bytes).get(vector);
        return vector;
    }

    private static FloatBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    @Override
    protected void xFunc() throws SQLException {
        FloatBuffer one = floats(value_blob(0));
        FloatBuffer other = floats(value_blob(1));
        double dot = 0;
        for (int d = 0; d < one.limit(); d++) {
            dot += (double) one.get(d) * other.get(d);
        }
        result(dot);
    }
}

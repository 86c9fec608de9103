package dev.plinth.rag.pgvector;

import dev.plinth.rag.index.UnitVector;
import java.sql.Array;
import java.sql.SQLException;

/** Vectors of length 1, as PostgreSQL writes and reads them: it computes cosines in single precision. */
final class VectorText {
    private VectorText() {}

    static String of(float[] vector, int dimensions, String name) {
        StringBuilder text = new StringBuilder(dimensions * 12);
        for (float value : UnitVector.of(vector, dimensions, name)) {
            text.append(text.length() == 0 ? '[' : ',').append(value);
        }
        return text.append(']').toString();
    }

    static float[] read(Array array) throws SQLException {
        Float[] boxed = (Float[]) array.getArray();
        float[] vector = new float[boxed.length];
        for (int d = 0; d < boxed.length; d++) {
            vector[d] = boxed[d];
        }
        return vector;
    }
}

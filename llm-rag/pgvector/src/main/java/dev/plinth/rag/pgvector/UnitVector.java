package dev.plinth.rag.pgvector;

import dev.plinth.api.check.Check;
import java.sql.Array;
import java.sql.SQLException;

/** Vectors of length 1, as PostgreSQL writes and reads them: it computes cosines in single precision. */
final class UnitVector {
    private UnitVector() {}

    static String of(float[] vector, int dimensions, String name) {
        Check.that(vector.length == dimensions, name + ".length", vector.length, String.valueOf(dimensions));
        double squares = 0;
        for (int d = 0; d < dimensions; d++) {
            Check.that(Float.isFinite(vector[d]), name + "[" + d + "]", vector[d], "a finite number");
            squares += (double) vector[d] * vector[d];
        }
        Check.that(squares > 0, name, "all zero", "a direction");
        double factor = 1 / Math.sqrt(squares);
        StringBuilder text = new StringBuilder(dimensions * 12);
        for (int d = 0; d < dimensions; d++) {
            text.append(d == 0 ? '[' : ',').append((float) (vector[d] * factor));
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

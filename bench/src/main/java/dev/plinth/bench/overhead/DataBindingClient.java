package dev.plinth.bench.overhead;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** The floor, but embeddings are read by data binding, as numbers only. */
final class DataBindingClient extends FloorClient {
    private final ObjectReader reader =
            new ObjectMapper().readerFor(Embeddings.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    record Embeddings(List<Entry> data) {}

    record Entry(int index, float[] embedding) {}

    DataBindingClient(String url) {
        super(url);
    }

    @Override
    List<float[]> readVectors(InputStream body, int count) throws IOException {
        float[][] vectors = new float[count][];
        Embeddings embeddings = reader.readValue(body);
        for (Entry entry : embeddings.data()) {
            vectors[entry.index()] = entry.embedding();
        }
        return Arrays.asList(vectors);
    }
}

package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingAnswerTest {

    private static EmbeddingAnswer read(int expected, String list) throws IOException {
        EmbeddingAnswer answer = new EmbeddingAnswer(expected);
        try (JsonParser json = Json.FACTORY.createParser(list)) {
            json.nextToken();
            answer.readList(json);
        }
        return answer;
    }

    private static String entry(String base64) {
        return "[{\"index\":0,\"embedding\":\"" + base64 + "\"}]";
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAA-", "!!!!", "AAAA_w==", "AAA", "A===", "AAAA AAAA!", "é"})
    void whatIsNoBase64IsBrokenJson(String text) {
        assertThatThrownBy(() -> read(1, entry(text))).isInstanceOf(JsonProcessingException.class);
    }

    @Property
    void base64IsOfLittleEndianFloats(@ForAll @Size(min = 1, max = 300) float[] vector) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        EmbeddingAnswer answer = read(1, entry(Base64.getEncoder().encodeToString(bytes.array())));
        assertThat(answer.vectors()).isDeepEqualTo(new float[][] {vector});
    }

    @Property(tries = 300)
    void anyTextIsAVectorOrBrokenJson(@ForAll byte[] text) {
        String base64 = Base64.getUrlEncoder().encodeToString(text);
        try {
            EmbeddingAnswer answer = read(1, entry(base64));
            boolean whole = text.length % 4 == 0 && text.length > 0;
            assertThat(base64).doesNotContain("-", "_");
            assertThat(whole || answer.fault(OptionalInt.empty()) != null).isTrue();
        } catch (IOException broken) {
            assertThat(broken).isInstanceOf(JsonProcessingException.class);
        }
    }

    @Test
    void faultsOfVectorsAreKept() throws IOException {
        assertThat(read(1, entry("AAA=")).fault(OptionalInt.empty())).contains("2 bytes (expected: a multiple of 4)");
        assertThat(read(1, "[{\"index\":1,\"embedding\":[1]}]").fault(OptionalInt.empty()))
                .contains("index 1");
        assertThat(read(2, "[{\"embedding\":[1]}]").fault(OptionalInt.empty())).contains("vectors: 1 (expected: 2)");
        assertThat(read(2, "[{\"embedding\":[1]},{\"embedding\":[1,2]}]").fault(OptionalInt.empty()))
                .contains("vector 1: 2 dimensions");
        assertThat(read(1, "[{\"embedding\":null}]").fault(OptionalInt.empty())).contains("with a vector");
    }
}

package dev.plinth.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private static byte[] written(Pieces pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.writeTo(all::write);
        return all.toByteArray();
    }

    @Property
    void keepWhatWasWritten(@ForAll @Size(max = 20) List<@Size(max = 3000) byte[]> writes, @ForAll byte last) {
        Pieces pieces = new Pieces();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (byte[] bytes : writes) {
            pieces.write(bytes, 0, bytes.length);
            expected.writeBytes(bytes);
        }
        pieces.write(last);
        expected.write(last);
        assertThat(written(pieces)).isEqualTo(expected.toByteArray());
        assertThat(pieces.size()).isEqualTo(expected.size());
    }

    @Test
    void resetForgetsAll() {
        Pieces pieces = new Pieces();
        pieces.write(new byte[5000], 0, 5000);
        pieces.write(7);
        pieces.reset();
        assertThat(pieces.size()).isZero();
        assertThat(written(pieces)).isEmpty();
        pieces.write(8);
        assertThat(written(pieces)).containsExactly(8);
    }

    @Test
    void partsOfAnArray() {
        Pieces pieces = new Pieces();
        pieces.write(new byte[] {1, 2, 3, 4}, 1, 2);
        assertThat(written(pieces)).containsExactly(2, 3);
    }
}

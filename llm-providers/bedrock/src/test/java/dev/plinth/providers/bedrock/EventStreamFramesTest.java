package dev.plinth.providers.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.providers.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventStreamFramesTest {
    private static final String LONG = "x".repeat(50_000);

    record Frame(String name, String json) {}

    /** Hands out its bytes one at a time. */
    private static final class Slow extends InputStream {
        private final InputStream in;

        Slow(byte[] bytes) {
            this.in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, Math.min(1, length));
        }
    }

    private static List<Frame> read(InputStream in) throws IOException {
        List<Frame> all = new ArrayList<>();
        try (EventStreamFrames frames = new EventStreamFrames(in, () -> ErrorDetails.NONE)) {
            while (frames.next()) {
                all.add(new Frame(frames.name(), Json.copy(frames.json())));
            }
        }
        return all;
    }

    private static List<Frame> read(byte[]... messages) throws IOException {
        return read(new ByteArrayInputStream(Frames.join(messages)));
    }

    private static void broken(String message, byte[]... messages) {
        Throwable error = catchThrowable(() -> read(messages));
        assertThat(error).isInstanceOf(MalformedResponseException.class).hasMessageStartingWith("event: " + message);
    }

    @Test
    void eventsExceptionsAndErrors() throws IOException {
        assertThat(read(
                        Frames.event("messageStart", "{\"role\":\"assistant\"}"),
                        Frames.event("ping", ""),
                        Frames.exception("throttlingException", "{\"message\":\"é\"}"),
                        Frames.error("InternalFailure", "it \"broke\""),
                        Frames.event("long", "\"" + LONG + "\"")))
                .containsExactly(
                        new Frame("messageStart", "{\"role\":\"assistant\"}"),
                        new Frame("ping", "{}"),
                        new Frame("failed:throttlingException", "{\"message\":\"é\"}"),
                        new Frame("failed:InternalFailure", "{\"message\":\"it \\\"broke\\\"\"}"),
                        new Frame("long", "\"" + LONG + "\""));
    }

    @Test
    void contentIsThereAsItCame() throws IOException {
        byte[] bytes = Frames.join(Frames.event("a", "{ \"text\": 1 }"), Frames.error("c", "d"));
        try (EventStreamFrames frames =
                new EventStreamFrames(new ByteArrayInputStream(bytes), () -> ErrorDetails.NONE)) {
            assertThat(frames.next()).isTrue();
            assertThat(frames.data()).isEqualTo("{ \"text\": 1 }");
            assertThat(frames.next()).isTrue();
            assertThat(frames.data()).isEqualTo("{\"message\":\"d\"}");
        }
    }

    @Test
    void nothingIsNoFrame() throws IOException {
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void bytesOneByOneSayTheSame() throws IOException {
        byte[] all = Frames.join(
                Frames.event("a", "{\"text\":\"é😀\"}"), Frames.exception("b", "{}"), Frames.error("c", "d"));
        assertThat(read(new Slow(all))).isEqualTo(read(all));
    }

    @Test
    void everyCutInsideAMessageIsAnError() throws IOException {
        byte[] first = Frames.event("a", "{\"text\":\"é\"}");
        byte[] second = Frames.event("b", "{}");
        byte[] all = Frames.join(first, second);
        for (int length = 1; length < all.length; length++) {
            byte[] cut = Arrays.copyOf(all, length);
            if (length == first.length) {
                assertThat(read(cut)).hasSize(1);
            } else {
                broken("cut short", cut);
            }
        }
    }

    @Test
    void everyFlippedBitIsAnError() {
        byte[] message = Frames.event("contentBlockDelta", "{\"text\":\"Hi\"}");
        for (int bit = 0; bit < 8 * message.length; bit++) {
            byte[] flipped = message.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            broken("wrong checksum", flipped);
        }
    }

    @Test
    void headersOfAllTypesArePassedOver() throws IOException {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        int[] lengths = {0, 0, 1, 2, 4, 8, 2 + 5, 2 + 3, 8, 16};
        for (int type = 0; type < lengths.length; type++) {
            Frames.header("h" + type, type, headers);
            byte[] value = new byte[lengths[type]];
            if (type == 6 || type == 7) {
                value[1] = (byte) (lengths[type] - 2);
            }
            headers.writeBytes(value);
        }
        Frames.header(":event-type", 7, headers);
        headers.writeBytes(new byte[] {0, 2, 'o', 'k'});
        assertThat(read(Frames.message(headers.toByteArray(), "{}".getBytes(StandardCharsets.UTF_8))))
                .containsExactly(new Frame("ok", "{}"));
    }

    @Test
    void headersThatMakeNoSenseAreAnError() {
        byte[] payload = {'{', '}'};
        broken("headers that make no sense", Frames.message(new byte[] {3, 'a'}, payload));
        broken("headers that make no sense", Frames.message(new byte[] {1, 'a'}, payload));
        broken("headers that make no sense", Frames.message(new byte[] {1, 'a', 10}, payload));
        broken("headers that make no sense", Frames.message(new byte[] {1, 'a', -1}, payload));
        broken("headers that make no sense", Frames.message(new byte[] {1, 'a', 7, 0}, payload));
        broken("headers that make no sense", Frames.message(new byte[] {1, 'a', 7, 0, 1}, payload));
        broken("headers that make no sense", Frames.message(new byte[] {1, 'a', 9, 0, 0}, payload));
    }

    @Test
    void lengthsThatMakeNoSenseAreAnError() {
        for (int[] lengths : new int[][] {{15, 0}, {-1, 0}, {16, 1}, {16, -1}, {25 * 1024 * 1024, 0}}) {
            byte[] message = Frames.message(new byte[0], new byte[0]);
            ByteBuffer bytes = ByteBuffer.wrap(message).putInt(0, lengths[0]).putInt(4, lengths[1]);
            CRC32 checksum = new CRC32();
            checksum.update(message, 0, 8);
            bytes.putInt(8, (int) checksum.getValue());
            broken(lengths[0] + " bytes, " + lengths[1] + " of headers", message);
        }
    }

    @Test
    void payloadThatIsNoJsonIsOneOfWhoReads() {
        assertThat(catchThrowable(() -> read(Frames.event("a", "plain")))).isInstanceOf(JsonProcessingException.class);
        assertThat(catchThrowable(() -> read(Frames.event("a", "{} {}"), Frames.event("b", "{}"))))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Property(tries = 300)
    void whatIsWrittenReadsTheSame(@ForAll("messages") List<Frame> frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(frame -> all.writeBytes(Frames.message(
                Map.of(":event-type", frame.name, ":message-type", "event", "other", frame.name), frame.json)));
        assertThat(read(all.toByteArray())).isEqualTo(frames);
        assertThat(read(new Slow(all.toByteArray()))).isEqualTo(frames);
    }

    @Provide
    Arbitrary<List<Frame>> messages() {
        Arbitrary<String> name = Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
        Arbitrary<String> json = name.map(text -> "{\"text\":" + Answers.quoted(text) + "}");
        return Combinators.combine(name, json).as(Frame::new).list().ofMaxSize(60);
    }

    /** Random bytes, and random bytes with right checksums, are an error or frames, and nothing else. */
    @Property(tries = 1000)
    void noBytesBreakIt(@ForAll @Size(max = 60) byte[] headers, @ForAll @Size(max = 60) byte[] payload) {
        for (byte[] bytes : List.of(payload, Frames.message(headers, payload))) {
            Throwable error = catchThrowable(() -> read(bytes));
            if (error != null) {
                assertThat(error).isInstanceOfAny(MalformedResponseException.class, JsonProcessingException.class);
            }
        }
    }
}

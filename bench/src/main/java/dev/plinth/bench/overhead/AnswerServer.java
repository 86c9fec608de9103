package dev.plinth.bench.overhead;

import dev.plinth.api.check.Check;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Answers every POST on the loopback interface with the bytes of the {@link Call} that the first segment of its path
 * names. The main method of a process of its own, since the bytes and the CPU that are counted are those of a whole JVM.
 * It prints its port and ends with its standard input, so it does not outlive who started it.
 *
 * <p>An answer goes out in one write: a client that has to wait for none of it shows its own cost best.
 */
final class AnswerServer {
    /** The first segment of paths whose requests nobody looks at: where telemetry goes. */
    static final String SINK = "SINK";

    private static final byte[] THANKS =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length:";

    private final Map<Call, byte[]> answers = new EnumMap<>(Call.class);

    private AnswerServer() {
        for (Call call : Call.values()) {
            answers.put(call, Answers.http(call));
        }
    }

    public static void main(String[] arguments) throws IOException {
        AnswerServer server = new AnswerServer();
        ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        start(() -> server.accept(listener));
        System.out.println(listener.getLocalPort());
        while (System.in.read() >= 0) {
            // only its end says something
        }
        System.exit(0);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "answer-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket listener) {
        while (true) {
            try {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            } catch (IOException exception) {
                exception.printStackTrace();
                System.exit(1);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            OutputStream out = socket.getOutputStream();
            for (String start = line(in); !start.isEmpty(); start = line(in)) {
                String asked = start.split("/", 3)[1];
                byte[] answer = asked.equals(SINK) ? THANKS : answers.get(Call.valueOf(asked));
                in.skipNBytes(bodyLength(in));
                out.write(answer);
            }
        } catch (IOException clientGone) {
            // nobody to tell
        }
    }

    private static long bodyLength(InputStream in) throws IOException {
        long length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Long.parseLong(line.substring(LENGTH.length()).strip());
            }
        }
        Check.that(length >= 0, LENGTH, length, "one in every request");
        return length;
    }

    /** A line without its end. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException();
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }
}

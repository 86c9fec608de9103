package dev.plinth.api.testkit;

import dev.plinth.api.testkit.StubAnswer.Step;
import dev.plinth.api.time.TimeSource;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client. One thread reads all the time, so that it sees at once when the client goes; another one
 * writes the answers.
 */
final class StubConnection {
    private static final long PATIENCE_SECONDS = 30;

    private final int number;
    private final Socket socket;
    private final TimeSource time;
    private final Executor executor;
    private final CountDownLatch clientGone = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean hungUp;
    private volatile @Nullable Future<?> answering;

    StubConnection(int number, Socket socket, TimeSource time, Executor executor) {
        this.number = number;
        this.socket = socket;
        this.time = time;
        this.executor = executor;
    }

    int number() {
        return number;
    }

    /** Reads requests and has them answered until the connection ends, from whichever side. */
    void serve(Function<StubRequest, StubAnswer> script) {
        try (socket) {
            socket.setTcpNoDelay(true);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            RequestReader reader = new RequestReader(new BufferedInputStream(socket.getInputStream()), out, this);
            for (StubRequest request = reader.next(); request != null; request = reader.next()) {
                StubAnswer answer = script.apply(request);
                FutureTask<Void> task = new FutureTask<>(() -> write(answer, out), null);
                answering = task;
                if (hungUp) {
                    return;
                }
                executor.execute(task);
            }
            clientLeft();
        } catch (IOException exception) {
            if (!hungUp) {
                clientLeft();
            }
        } finally {
            hungUp = true;
            ended.countDown();
            Future<?> running = answering;
            if (running != null) {
                running.cancel(true);
            }
        }
    }

    private void clientLeft() {
        clientGone.countDown();
    }

    private void write(StubAnswer answer, OutputStream out) {
        try {
            runAll(answer, out);
            end(answer, out);
        } catch (IOException gone) {
            if (!hungUp) {
                clientLeft(); // while something was written
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void runAll(StubAnswer answer, OutputStream out) throws IOException, InterruptedException {
        for (Step step : answer.steps) {
            if (!hungUp) {
                run(step, answer, out);
            }
        }
    }

    private void end(StubAnswer answer, OutputStream out) throws IOException {
        if (!hungUp) {
            if (answer.chunked) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
        }
    }

    private void pass(StubAnswer.Live live, OutputStream out) throws IOException, InterruptedException {
        try (live) {
            StubAnswer begun = live.begin();
            runAll(begun, out);
            if (!hungUp) {
                out.flush();
            }
            for (Step step = live.next(); step != null && !hungUp; step = live.next()) {
                run(step, begun, out);
            }
            end(begun, out);
        }
    }

    private void run(Step step, StubAnswer answer, OutputStream out) throws IOException, InterruptedException {
        if (step instanceof Step.Head) {
            out.write(head(answer).getBytes(StandardCharsets.ISO_8859_1));
            if (answer.steps.indexOf(step) < answer.steps.size() - 1) {
                flushUnlessBodyFollows(answer, step, out);
            }
        } else if (step instanceof Step.Write write) {
            body(write.bytes(), answer, out);
            if (answer.steps.get(answer.steps.size() - 1) != step) {
                out.flush(); // the last piece goes out with the end: a client that had to wait for that may give up
            }
        } else if (step instanceof Step.Pause pause) {
            time.sleep(pause.duration());
        } else if (step instanceof Step.Await await) {
            await.gate().await();
        } else if (step instanceof Step.Stall) {
            ended.await();
        } else if (step instanceof Step.HangUp hangUp) {
            hangUp(hangUp.reset());
        } else if (step instanceof Step.Pass pass) {
            pass(pass.answer(), out);
        }
    }

    /** A head goes out at once when the body does not follow at once: a client may wait for it. */
    private static void flushUnlessBodyFollows(StubAnswer answer, Step head, OutputStream out) throws IOException {
        Step next = answer.steps.get(answer.steps.indexOf(head) + 1);
        if (!(next instanceof Step.Write)) {
            out.flush();
        }
    }

    private static String head(StubAnswer answer) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status + " Stub\r\n");
        for (StubAnswer.Header header : answer.headers) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        if (answer.chunked) {
            head.append("transfer-encoding: chunked\r\n");
        } else if (answer.status != 204 && answer.status != 304) {
            head.append("content-length: ").append(answer.contentLength()).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static void body(byte[] bytes, StubAnswer answer, OutputStream out) throws IOException {
        int size = answer.pieceSize == 0 ? bytes.length : answer.pieceSize;
        for (int start = 0; start < bytes.length; start += size) {
            int length = Math.min(size, bytes.length - start);
            if (start > 0) {
                out.flush();
            }
            if (answer.chunked) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(bytes, start, length);
            if (answer.chunked) {
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Ends the connection from this side. */
    void hangUp(boolean reset) throws IOException {
        hungUp = true;
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    boolean isClientGone() {
        return clientGone.getCount() == 0;
    }

    void awaitClientGone() throws InterruptedException {
        if (!clientGone.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("connection " + number + ": open (expected: closed by the client)");
        }
    }
}

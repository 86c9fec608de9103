package dev.plinth.providers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/** Tells a call's clock how far the call is, and adds two limits that OkHttp does not have. */
final class ConnectionWatch extends EventListener {

    private final CallClock clock;
    private @Nullable Connection connection;
    private @Nullable AsyncTimeout handshake;

    ConnectionWatch(Call call) {
        CallClock tagged = call.request().tag(CallClock.class);
        if (tagged == null) {
            throw new IllegalStateException("call: without a clock (expected: made by the transport)");
        }
        this.clock = tagged;
    }

    /** OkHttp limits the TCP connection alone: a server that accepts it and then says nothing would hold the call. */
    @Override
    public void secureConnectStart(Call call) {
        AsyncTimeout limit = new AsyncTimeout() {
            @Override
            protected void timedOut() {
                clock.connectTimedOut();
                call.cancel();
            }
        };
        limit.timeout(clock.connect().toNanos(), TimeUnit.NANOSECONDS);
        limit.enter();
        handshake = limit;
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake done) {
        endHandshake();
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException exception) {
        endHandshake();
    }

    private void endHandshake() {
        AsyncTimeout limit = handshake;
        handshake = null;
        if (limit != null) {
            limit.exit();
        }
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connection = acquired;
        clock.connected();
    }

    /**
     * Takes the limit off the socket itself: it would stay at what it was when the call began, while the limit over it,
     * which Okio holds, changes with the first token. Reads without it are cheaper, too.
     */
    @Override
    public void requestHeadersStart(Call call) {
        Connection acquired = connection;
        if (acquired != null) {
            try {
                acquired.socket().setSoTimeout(0);
            } catch (SocketException closed) {
                // whoever reads from it next is told
            }
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        clock.headCame();
    }
}

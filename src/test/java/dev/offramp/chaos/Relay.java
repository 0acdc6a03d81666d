package dev.offramp.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire between the nodes and one server that can be cut. */
final class Relay implements AutoCloseable {

    private final ServerSocket entrance;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean away;

    private Relay(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    /** Opens one; where it leads is told later by {@link #leadTo(int)}. */
    static Relay open() {
        try {
            var relay = new Relay(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), 0);
            Thread.ofVirtual().name("relay").start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return entrance.getLocalPort();
    }

    void leadTo(int port) {
        target = port;
    }

    /** Ends every connection that is open. */
    void cut() {
        open.forEach(Relay::reset);
        open.clear();
    }

    /** Ends every connection, and takes no new one until told otherwise. */
    void away(boolean is) {
        away = is;
        if (is) {
            cut();
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var caller = entrance.accept();
                Thread.ofVirtual().start(() -> connect(caller));
            } catch (IOException e) {
                // Closed, or the caller is gone again: the loop's condition knows.
            }
        }
    }

    private void connect(Socket caller) {
        if (away) {
            reset(caller);
            return;
        }
        var server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2000);
            caller.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(caller);
            reset(server);
            return;
        }
        open.add(caller);
        open.add(server);
        Thread.ofVirtual().start(() -> pump(caller, server));
        pump(server, caller);
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // One side is gone; both are closed.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}

package dev.offramp.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A small HTTP/1.1 server on the loopback address, one virtual thread per connection. It exists because the answers must
 * be cuttable: the JDK's own server gives no way to reset a connection.
 */
final class HttpListener implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final Function<HttpRequest, HttpAnswer> handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** @param port 0 takes any free port */
    HttpListener(int port, Function<HttpRequest, HttpAnswer> handler) throws IOException {
        this.handler = handler;
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        Thread.ofPlatform().name("simulator-accept").daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    socket.close();
                }
                Thread thread = Thread.ofVirtual().name("simulator-connection").unstarted(() -> serve(socket));
                threads.add(thread);
                thread.start();
            } catch (IOException closed) {
                // Either close() was called, or this one connection died before it began: the loop's condition tells.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new HttpConnection(socket, handler).serve();
        } catch (IOException | UncheckedIOException gone) {
            // The client hung up: there is nobody left to tell.
        } finally {
            open.remove(socket);
            threads.remove(Thread.currentThread());
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.forEach(Thread::interrupt);
    }
}

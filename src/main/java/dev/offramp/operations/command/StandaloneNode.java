package dev.offramp.operations.command;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service in this process, for as long as one command needs it. */
public interface StandaloneNode extends AutoCloseable {

    /** Where its own API answers. */
    URI address();

    /** What its own API wants to see. */
    String token();

    /** Stops it as a signal would: no new gate, running calls settle, batches are handed back. */
    @Override
    void close();

    /** Starts such a node. */
    @FunctionalInterface
    interface Start {

        /**
         * Starts it with this configuration, e.g. {@code --offramp.mode=live}.
         *
         * @throws CannotStart with a sentence
         */
        StandaloneNode with(List<String> configuration);
    }

    /** Why it does not start: a sentence. */
    final class CannotStart extends RuntimeException {

        public CannotStart(String sentence, @Nullable Throwable cause) {
            super(sentence, cause);
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }
}

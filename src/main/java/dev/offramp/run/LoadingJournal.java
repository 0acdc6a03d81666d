package dev.offramp.run;

/** What receiving and loading tell. */
public interface LoadingJournal {

    /** A piece of a file is durable; whoever sent it was not told yet. */
    default void pieceTaken(long run) {}

    /** A chunk's check is written and not committed yet. */
    default void chunkChecked(long upload) {}

    /** A chunk's requests are written and not committed yet. */
    default void chunkLoaded(long upload) {}
}

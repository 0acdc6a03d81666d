package dev.offramp.architecture.counterexamples.batch;

import java.util.concurrent.CompletableFuture;

/** Gives up an answer on its way, which interrupts nobody: no counterexample. */
public final class GivesUpAnAnswer {

    void giveUp(CompletableFuture<?> answer) {
        answer.cancel(true);
    }
}

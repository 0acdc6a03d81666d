package dev.offramp.operations;

import dev.offramp.ledger.Batch;
import java.util.List;

/** What a person may do to a batch as it stands. */
final class BatchVerbs {

    private BatchVerbs() {}

    static Ruling restart(Batch batch) {
        return switch (batch.state()) {
            case STOPPED, FAILED -> Ruling.allowed();
            case RUNNING ->
                Ruling.refused("%s is running; only a stopped or failed batch can be restarted.", batch.name());
            case COMPLETED ->
                Ruling.refused(
                        "%s is completed: all its requests are settled or wait elsewhere, and there is nothing to restart.",
                        batch.name());
            case ABANDONED ->
                Ruling.refused(
                        "%s was abandoned: its unfinished requests went back to the dispatcher, and there is nothing to restart.",
                        batch.name());
        };
    }

    static Ruling stop(Batch batch) {
        return switch (batch.state()) {
            case RUNNING ->
                batch.stopAsked() == null
                        ? Ruling.allowed()
                        : Ruling.refused("%s is being stopped already: %s", batch.name(), batch.stopAsked());
            case STOPPED, FAILED ->
                Ruling.refused(
                        "%s is %s; only a running batch can be stopped.%s",
                        batch.name(),
                        batch.state().word(),
                        batch.restartAt() == null
                                ? ""
                                : " It is restarted at %s; abandon it if it is not to go on."
                                        .formatted(batch.restartAt()));
            case COMPLETED, ABANDONED ->
                Ruling.refused(
                        "%s is %s and does nothing any more.",
                        batch.name(), batch.state().word());
        };
    }

    static Ruling abandon(Batch batch) {
        return switch (batch.state()) {
            case STOPPED, FAILED -> Ruling.allowed();
            case RUNNING -> Ruling.refused("%s is running; stop it first, then abandon it.", batch.name());
            case COMPLETED ->
                Ruling.refused("%s is completed: nothing of it is left that could be given up.", batch.name());
            case ABANDONED -> Ruling.refused("%s was abandoned already.", batch.name());
        };
    }

    static List<Action> of(Batch batch) {
        return List.of(
                Action.of("restart", restart(batch)),
                Action.of("stop", stop(batch)),
                Action.of("abandon", abandon(batch)));
    }
}

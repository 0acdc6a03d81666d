package dev.offramp.operations.command;

import dev.offramp.operations.command.RunReport.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A file on its way through the service: announced, uploaded, watched. Each step may be repeated. */
final class FileRun {

    /** One piece of the upload; the service takes no more than 4 MB at a time. */
    static final int PIECE = 1 << 20;

    private static final Duration FIRST_LOOK = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(15);

    private final Supplier<Service> services;
    private final Surroundings around;
    private final Duration patience;
    private final Progress progress;
    private final Goodbye goodbye;
    private @Nullable Service service;

    FileRun(Supplier<Service> services, Surroundings around, Duration patience, Progress progress, Goodbye goodbye) {
        this.services = services;
        this.around = around;
        this.patience = patience;
        this.progress = progress;
        this.goodbye = goodbye;
    }

    /** Says which file is to come. There is nothing to lose yet, so nothing is waited for. */
    RunReport announce(ObjectNode body) {
        var known = services.get();
        service = known;
        var report = new RunReport(known.post("/runs", body));
        goodbye.knows(report);
        return report;
    }

    /** Sends what the service does not have yet. */
    RunReport upload(RunReport announced, Upload file) {
        var report = announced;
        while (report.state() == State.RECEIVING && report.received() < file.size()) {
            report = next(report, file);
            goodbye.knows(report);
            progress.show(report);
        }
        return report;
    }

    private RunReport next(RunReport report, Upload file) {
        long offset = report.received();
        byte[] piece = file.piece(offset, PIECE);
        String path = path(report);
        try {
            return new RunReport(patiently(
                    asked -> asked.putPiece(path + "/content", Map.of("offset", String.valueOf(offset)), piece)));
        } catch (Failure refused) {
            JsonNode received = refused.member("received");
            if (!received.isNumber() || received.asLong() == offset) {
                throw refused;
            }
            // The answer to an earlier piece was lost, or somebody else hands the same file in.
            return look(report);
        }
    }

    /** Until nothing of the run is left that the service does by itself now, or until it is loaded. */
    RunReport follow(RunReport uploaded, boolean untilLoaded) {
        var report = uploaded;
        var pause = FIRST_LOOK;
        progress.show(report);
        while (!isOver(report, untilLoaded)) {
            around.pause().take(pause);
            pause = shorter(pause.multipliedBy(3).dividedBy(2), LOOK);
            report = look(report);
            goodbye.knows(report);
            progress.show(report);
        }
        return report;
    }

    /** Fetches the lines that were not loaded. */
    void rejects(RunReport report, Path to) {
        patiently(asked -> {
            asked.download(path(report) + "/rejected", to);
            return to;
        });
    }

    private static boolean isOver(RunReport report, boolean untilLoaded) {
        return switch (report.state()) {
            case REFUSED, FAILED -> true;
            case LOADED -> untilLoaded || report.inHand() == 0;
            case RECEIVING, CHECKING, LOADING, UNKNOWN -> false;
        };
    }

    private RunReport look(RunReport report) {
        return new RunReport(patiently(asked -> asked.get(path(report))));
    }

    private static String path(RunReport report) {
        return "/runs/" + Service.encoded(report.number());
    }

    /** Asks again while the service is away, e.g. being restarted, for as long as patience lasts. */
    private <T> T patiently(Function<Service, T> ask) {
        @Nullable Instant since = null;
        var pause = FIRST_RETRY;
        while (true) {
            try {
                T answer = ask.apply(current());
                if (since != null) {
                    progress.say("The service answers again.");
                }
                return answer;
            } catch (Failure failure) {
                if (!failure.isPassing()) {
                    throw failure;
                }
                service = null;
                var now = around.clock().instant();
                if (since == null) {
                    since = now;
                    progress.say("%s Trying again for %s.".formatted(failure.getMessage(), words(patience)));
                }
                if (!now.isBefore(since.plus(patience))) {
                    throw Failure.notReachable(
                            "The service did not answer for %s (%s). Nothing is lost: the same command re-attaches."
                                    .formatted(words(patience), failure.getMessage()));
                }
                around.pause().take(pause);
                pause = shorter(pause.multipliedBy(2), RETRY);
            }
        }
    }

    private Service current() {
        var known = service == null ? services.get() : service;
        service = known;
        return known;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** E.g. "10m" or "1m30s". */
    static String words(Duration length) {
        return length.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}

package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.recovery.FromBackup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The way out of a database that was restored from an older copy, or lost: what is to be done, and doing it. */
@RestController
@RequestMapping("/api/v1/recovery")
class RecoveryApi {

    private final FromBackup fromBackup;

    RecoveryApi(FromBackup fromBackup) {
        this.fromBackup = fromBackup;
    }

    /** One partition of a request topic: it is read again from one offset to another; {@code gone} records are lost. */
    record PartitionView(String topic, int partition, long from, long until, long gone) {}

    /**
     * How it stands, or what was done.
     *
     * @param state none, needed or under-way
     * @param callsFrom before that no call is made
     * @param ended after it was done: requests that had ended by what was told of them
     * @param goingOn after it was done: requests that go on
     * @param held after it was done: requests that a person must look at
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RecoveryView(
            String state,
            String message,
            List<PartitionView> partitions,
            long openRequests,
            long told,
            @Nullable Instant callsFrom,
            @Nullable Integer ended,
            @Nullable Integer goingOn,
            @Nullable Integer held) {

        static RecoveryView of(FromBackup.Report report) {
            var taken = report.takenOver();
            return new RecoveryView(
                    report.state(),
                    report.words(),
                    report.partitions().stream()
                            .map(each -> new PartitionView(
                                    each.topic(), each.partition(), each.from(), each.until(), each.gone()))
                            .toList(),
                    report.openRequests(),
                    report.told(),
                    report.callsFrom(),
                    taken == null ? null : taken.ended(),
                    taken == null ? null : taken.goingOn(),
                    taken == null ? null : taken.held());
        }
    }

    /** What is to be done; nothing is changed. */
    @GetMapping
    RecoveryView show() {
        try {
            return RecoveryView.of(fromBackup.plan());
        } catch (FromBackup.Refused e) {
            throw Problem.conflict(String.valueOf(e.getMessage()), Map.of());
        }
    }

    @PostMapping
    RecoveryView recover(@RequestBody Change change) {
        try {
            return RecoveryView.of(fromBackup.carryOut(change.who(), change.cause()));
        } catch (FromBackup.Refused e) {
            throw Problem.conflict(String.valueOf(e.getMessage()), Map.of());
        }
    }
}

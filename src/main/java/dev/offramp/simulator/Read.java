package dev.offramp.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call that only asked to see something.
 *
 * @param number counts the reads from 1, in order of arrival
 * @param time when it arrived
 * @param reply given, half-body, cut-off or reset; pending while no answer was written yet
 * @param status what was answered, absent while the answer is pending or when it was cut off before it was decided
 */
public record Read(
        int number,
        Instant time,
        Operation operation,
        @Nullable String customer,
        @Nullable String subscription,
        String reply,
        @Nullable Integer status) {

    Read withReply(String given, @Nullable Integer status) {
        return new Read(number, time, operation, customer, subscription, given, status);
    }
}

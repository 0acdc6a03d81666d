package dev.offramp.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call that asks for a change, as it arrived.
 *
 * @param number counts the calls that ask for changes from 1, in order of arrival
 * @param subscription absent for calls on the customer itself
 * @param item the order or Azure subscription that the call is about
 * @param reply given, half-body, cut-off or reset; pending while no answer was written yet
 * @param status what was answered or, for an answer that was cut off after the effect, would have been
 * @param code Partner Center's error code, when the answer is an error
 * @param changed whether the call changed what the simulator holds
 * @param replayed whether the answer of an earlier call with the same MS-RequestId was given again
 * @param body what the client sent, letter by letter
 */
public record Call(
        int number,
        Instant time,
        Operation operation,
        String customer,
        @Nullable String subscription,
        @Nullable String item,
        @Nullable String requestId,
        @Nullable String correlationId,
        @Nullable String ifMatch,
        String reply,
        @Nullable Integer status,
        @Nullable String code,
        boolean changed,
        boolean replayed,
        @Nullable Instant answered,
        String body) {

    /** Customer, subscription, order or Azure subscription, whichever is the nearest. */
    public String target() {
        if (item != null) {
            return (operation == Operation.CANCEL_AZURE ? "Azure subscription " : "order ") + item;
        }
        return subscription == null ? "customer " + customer : "subscription " + subscription;
    }

    Call withEffect() {
        return new Call(
                number,
                time,
                operation,
                customer,
                subscription,
                item,
                requestId,
                correlationId,
                ifMatch,
                reply,
                status,
                code,
                true,
                replayed,
                answered,
                body);
    }

    Call withReply(String given, @Nullable Integer status, @Nullable String code, boolean replayed, Instant at) {
        return new Call(
                number,
                time,
                operation,
                customer,
                subscription,
                item,
                requestId,
                correlationId,
                ifMatch,
                given,
                status,
                code,
                changed,
                replayed,
                at,
                body);
    }
}

package dev.offramp.partnercenter;

import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus;
import dev.offramp.partnercenter.ErrorCatalogue.Entry;
import dev.offramp.partnercenter.Heard.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides what a response means; pure. */
final class Replies {

    /** How long a list that is busy (409) is left alone, as Microsoft's own bulk tool does. */
    private static final Duration BUSY_READ = Duration.ofMinutes(5);

    private Replies() {}

    /** What was asked, as far as the meaning of an answer depends on it. */
    record Asked(Denial signIn, @Nullable SubscriptionId subscription, UUID requestId, UUID correlationId) {}

    /** The answer to a destructive call. */
    static Reply reply(Asked asked, Response response, Instant now) {
        Answer answer = answer(asked, response);
        return switch (response.status()) {
            case 200 -> done(asked, response, answer);
            case 202 -> new Reply.Accepted(answer, response.header("location"));
            case 204 -> asked.subscription() == null ? new Reply.Done(answer, "") : new Reply.Lost(answer);
            case 429 -> new Reply.Throttled(answer, retryAfter(response, now));
            default -> refusal(asked, ErrorCatalogue.of(response.status(), answer.code()), answer);
        };
    }

    private static Reply done(Asked asked, Response response, Answer answer) {
        SubscriptionId target = asked.subscription();
        if (target == null) {
            // The answer to an unlink names no customer: the read that follows is what counts.
            return new Reply.Done(answer, response.text());
        }
        boolean deleted = Resources.subscriptionSentBack(response.text())
                .filter(sentBack -> target.equals(sentBack.id()))
                .filter(sentBack -> sentBack.status().is(SubscriptionStatus.Known.DELETED))
                .isPresent();
        return deleted
                ? new Reply.Done(answer, response.text())
                : new Reply.Lost(explained(answer, "200, but the body does not show this subscription as deleted"));
    }

    private static Reply refusal(Asked asked, Entry entry, Answer answer) {
        boolean unlink = asked.subscription() == null;
        return switch (entry.meaning()) {
            case SIGN_IN -> new Reply.Denied(answer, asked.signIn());
            case ROLE -> new Reply.Denied(answer, role(asked));
            case PROGRAMME -> new Reply.Denied(answer, Denial.PERMISSION);
            case CUSTOMER_ACCESS -> new Reply.Denied(answer, Denial.CUSTOMER_ACCESS);
            case STALE -> new Reply.Stale(answer);
            case BUSY -> new Reply.Busy(answer, entry.delay());
            case WINDOW_CLOSED -> new Reply.Declined(answer, Reply.Declined.Meaning.WINDOW_CLOSED);
            case ALREADY_DELETED ->
                new Reply.Declined(
                        answer, unlink ? Reply.Declined.Meaning.OTHER : Reply.Declined.Meaning.ALREADY_DELETED);
            case NOT_OURS, NO_CUSTOMER -> new Reply.Declined(answer, Reply.Declined.Meaning.NOT_OUR_CUSTOMER);
            case NOT_OURS_ON_CUSTOMER, NOT_FOUND ->
                new Reply.Declined(
                        answer, unlink ? Reply.Declined.Meaning.NOT_OUR_CUSTOMER : Reply.Declined.Meaning.OTHER);
            case NO_SUBSCRIPTION, DECLINED -> new Reply.Declined(answer, Reply.Declined.Meaning.OTHER);
            case LOST -> new Reply.Lost(answer);
        };
    }

    /** The answer to a read; {@code parse} is empty when the text is no such resource. */
    static <T> Read<T> read(Asked asked, Response response, Instant now, Function<String, Optional<T>> parse) {
        Answer answer = answer(asked, response);
        if (response.status() == 200) {
            String body = response.body();
            Optional<T> value = body == null ? Optional.empty() : parse.apply(body);
            return value.<Read<T>>map(Read.Found::new)
                    .orElseGet(() -> new Read.Unreadable<>("200 with a body that is no such resource", answer));
        }
        if (response.status() == 429) {
            return new Read.Throttled<>(retryAfter(response, now), answer);
        }
        if (response.status() == 408 || response.status() >= 500) {
            return new Read.Unavailable<>("status " + response.status(), answer);
        }
        return unread(asked, ErrorCatalogue.of(response.status(), answer.code()), answer);
    }

    private static <T> Read<T> unread(Asked asked, Entry entry, Answer answer) {
        return switch (entry.meaning()) {
            case SIGN_IN -> new Read.Denied<>(asked.signIn(), answer);
            case ROLE -> new Read.Denied<>(role(asked), answer);
            case PROGRAMME -> new Read.Denied<>(Denial.PERMISSION, answer);
            case CUSTOMER_ACCESS -> new Read.Denied<>(Denial.CUSTOMER_ACCESS, answer);
            case NOT_OURS, NOT_OURS_ON_CUSTOMER -> new Read.NotOurCustomer<>(answer);
            case NO_CUSTOMER -> new Read.Missing<>(Read.Missing.What.CUSTOMER, answer);
            case NO_SUBSCRIPTION -> new Read.Missing<>(Read.Missing.What.SUBSCRIPTION, answer);
            case NOT_FOUND -> missing(asked, answer);
            case BUSY ->
                new Read.Throttled<>(entry.delay().compareTo(BUSY_READ) > 0 ? entry.delay() : BUSY_READ, answer);
            case ALREADY_DELETED, WINDOW_CLOSED, STALE, DECLINED, LOST ->
                new Read.Unreadable<>("status " + answer.httpStatus(), answer);
        };
    }

    /** The role belongs to whoever signed in. */
    private static Denial role(Asked asked) {
        return asked.signIn() == Denial.USER_SIGN_IN ? Denial.USER_PERMISSION : Denial.PERMISSION;
    }

    /** A 404 of a gateway or of a wrong address proves nothing; only Partner Center's own error does. */
    private static <T> Read<T> missing(Asked asked, Answer answer) {
        if (answer.code() == null) {
            return new Read.Unreadable<>("404 without an error code", answer);
        }
        return new Read.Missing<>(
                asked.subscription() == null ? Read.Missing.What.CUSTOMER : Read.Missing.What.SUBSCRIPTION, answer);
    }

    static Duration retryAfter(Response response, Instant now) {
        return RetryAfter.of(response.header("retry-after"), response.header("date"), now);
    }

    /** For a call without a readable answer. */
    static Answer silence(Asked asked, String words) {
        return new Answer(
                0,
                null,
                words,
                "",
                asked.requestId().toString(),
                asked.correlationId().toString());
    }

    private static Answer answer(Asked asked, Response response) {
        String requestId = Objects.requireNonNullElse(response.header("ms-requestid"), asked.requestId() + "");
        String correlationId =
                Objects.requireNonNullElse(response.header("ms-correlationid"), asked.correlationId() + "");
        if (response.status() < 300) {
            return new Answer(response.status(), null, "", "", requestId, correlationId);
        }
        ErrorBody error = ErrorBody.of(response.text());
        String advice = ErrorCatalogue.of(response.status(), error.code()).advice();
        return new Answer(response.status(), error.code(), error.words(), advice, requestId, correlationId);
    }

    private static Answer explained(Answer answer, String words) {
        return new Answer(
                answer.httpStatus(), answer.code(), words, answer.advice(), answer.requestId(), answer.correlationId());
    }
}

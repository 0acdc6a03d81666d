package dev.offramp.partnercenter;

import dev.offramp.partnercenter.ErrorCatalogue.Entry;
import dev.offramp.partnercenter.Heard.Response;
import dev.offramp.partnercenter.Read.Missing;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Decides what a response means; pure. */
final class Replies {

    /** How long a list that is busy (409) is left alone, as Microsoft's own bulk tool does. */
    private static final Duration BUSY_READ = Duration.ofMinutes(5);

    private Replies() {}

    /**
     * What was asked, as far as the meaning of an answer depends on it.
     *
     * @param aim what the address names last, and an answer of "not found" speaks of
     * @param proof what a success must show
     */
    record Asked(Denial signIn, Missing.What aim, Proof proof, UUID requestId, UUID correlationId) {}

    /** The answer to a destructive call. */
    static Reply reply(Asked asked, Response response, Instant now) {
        Answer answer = answer(asked, response);
        return switch (response.status()) {
            case 200 -> success(asked, response, answer);
            case 202 -> new Reply.Accepted(answer, Location.path(response.header("location")));
            case 204 -> asked.aim() == Missing.What.CUSTOMER ? new Reply.Done(answer, "") : new Reply.Lost(answer);
            default -> refusal(asked, ErrorCatalogue.of(response.status(), answer.code()), answer, response, now);
        };
    }

    private static Reply success(Asked asked, Response response, Answer answer) {
        if (response.body() == null) {
            return new Reply.Lost(explained(answer, "200, but the body is too long or no UTF-8"));
        }
        return switch (asked.proof().of(response.text())) {
            case Proof.Finding.Shown _ -> new Reply.Done(answer, response.text());
            case Proof.Finding.Promised _ -> new Reply.Accepted(answer, null);
            case Proof.Finding.Lacking(String words) -> new Reply.Lost(explained(error(response, answer), words));
        };
    }

    /** An error that came with a status of success says at least what it says. */
    private static Answer error(Response response, Answer answer) {
        ErrorBody error = ErrorBody.of(response.text());
        return error.code() == null
                ? answer
                : new Answer(
                        answer.httpStatus(),
                        error.code(),
                        error.words(),
                        ErrorCatalogue.of(answer.httpStatus(), error.code()).advice(),
                        answer.requestId(),
                        answer.correlationId());
    }

    private static Reply refusal(Asked asked, Entry entry, Answer answer, Response response, Instant now) {
        boolean unlink = asked.aim() == Missing.What.CUSTOMER;
        return switch (meaning(entry, answer)) {
            case THROTTLED -> new Reply.Throttled(answer, retryAfter(response, now));
            case SIGN_IN, PERSON -> new Reply.Denied(answer, asked.signIn());
            case SECOND_FACTOR -> new Reply.Denied(answer, secondFactor(asked));
            case NOT_FOR_APP_ALONE -> new Reply.Denied(answer, notForAppAlone(asked));
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
            case NO_SUBSCRIPTION, NO_ORDER, NO_AZURE_SUBSCRIPTION, DECLINED ->
                new Reply.Declined(answer, Reply.Declined.Meaning.OTHER);
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
        if (response.status() == 408 || response.status() >= 500) {
            return new Read.Unavailable<>("status " + response.status(), answer);
        }
        return unread(asked, ErrorCatalogue.of(response.status(), answer.code()), answer, response, now);
    }

    private static <T> Read<T> unread(Asked asked, Entry entry, Answer answer, Response response, Instant now) {
        return switch (meaning(entry, answer)) {
            case THROTTLED -> new Read.Throttled<>(retryAfter(response, now), answer);
            case SIGN_IN, PERSON -> new Read.Denied<>(asked.signIn(), answer);
            case SECOND_FACTOR -> new Read.Denied<>(secondFactor(asked), answer);
            case NOT_FOR_APP_ALONE -> new Read.Denied<>(notForAppAlone(asked), answer);
            case ROLE -> new Read.Denied<>(role(asked), answer);
            case PROGRAMME -> new Read.Denied<>(Denial.PERMISSION, answer);
            case CUSTOMER_ACCESS -> new Read.Denied<>(Denial.CUSTOMER_ACCESS, answer);
            case NOT_OURS, NOT_OURS_ON_CUSTOMER -> new Read.NotOurCustomer<>(answer);
            case NO_CUSTOMER -> new Read.Missing<>(Missing.What.CUSTOMER, answer);
            case NO_SUBSCRIPTION -> new Read.Missing<>(Missing.What.SUBSCRIPTION, answer);
            case NO_ORDER -> new Read.Missing<>(Missing.What.ORDER, answer);
            case NOT_FOUND -> missing(asked, answer);
            case BUSY ->
                new Read.Throttled<>(entry.delay().compareTo(BUSY_READ) > 0 ? entry.delay() : BUSY_READ, answer);
            case ALREADY_DELETED, WINDOW_CLOSED, STALE, DECLINED, NO_AZURE_SUBSCRIPTION, LOST ->
                new Read.Unreadable<>(inWords(answer), answer);
        };
    }

    /** The form of 2019 has no code, only words in a header. */
    private static ErrorCatalogue.Meaning meaning(Entry entry, Answer answer) {
        return entry.meaning() == ErrorCatalogue.Meaning.SIGN_IN
                        && answer.words().contains("MFA")
                ? ErrorCatalogue.Meaning.SECOND_FACTOR
                : entry.meaning();
    }

    /** What is open to the app alone needs no second factor (Microsoft's page on the partner security requirements). */
    private static Denial secondFactor(Asked asked) {
        return asked.signIn() == Denial.USER_SIGN_IN ? Denial.USER_SIGN_IN : Denial.APP_ALONE;
    }

    /** Said of a user's call it makes no sense, and is taken for a lack of the role. */
    private static Denial notForAppAlone(Asked asked) {
        return asked.signIn() == Denial.USER_SIGN_IN ? Denial.USER_PERMISSION : Denial.APP_ALONE;
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
        return new Read.Missing<>(asked.aim(), answer);
    }

    private static String inWords(Answer answer) {
        String number = answer.code() == null ? "" + answer.httpStatus() : answer.httpStatus() + "/" + answer.code();
        return "Partner Center answered %s: %s %s"
                .formatted(number, answer.words(), answer.advice())
                .trim();
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
        return new Answer(response.status(), error.code(), words(error, response), advice, requestId, correlationId);
    }

    /** A gateway that asks for a second factor says so in a header alone. */
    private static String words(ErrorBody error, Response response) {
        String header = response.header("www-authenticate");
        return error.words().isEmpty() && header != null ? ErrorBody.of(header).words() : error.words();
    }

    private static Answer explained(Answer answer, String words) {
        return new Answer(
                answer.httpStatus(), answer.code(), words, answer.advice(), answer.requestId(), answer.correlationId());
    }
}

package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.ErrorCatalogue.Entry;
import dev.offramp.partnercenter.ErrorCatalogue.Row;
import dev.offramp.partnercenter.Read.Missing.What;
import dev.offramp.partnercenter.Reply.Declined.Meaning;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every row of the catalogue as the client meets it: class, wait, repetition and advice. */
class ErrorCatalogueOverHttpTests {

    private static final Duration NAMED = Duration.ofSeconds(7);

    private static final String UNDOCUMENTED = "31415926";
    private static final String WORDS = "their words";

    private final RawServer server = new RawServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void isMetInEveryRowByACancellationAtTheSimulator() {
        try (PartnerCenterSimulator simulator = simulator()) {
            PartnerCenter client = at(simulator);
            SubscriptionResource current = ((Read.Found<SubscriptionResource>)
                            client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION))
                    .value();
            for (Row row : ErrorCatalogue.rows()) {
                int before = simulator.calls().size();
                simulator.clearFaults();
                simulator.add(Fault.on("cancel").always().answers(row.status(), code(row), WORDS));

                Call call = client.changeSubscription(
                        TestClient.permitToCancel(TestClient.CUSTOMER, TestClient.SUBSCRIPTION), current);

                assertThat(call).as(row.toString()).isInstanceOf(Call.Sent.class);
                Reply reply = ((Call.Sent) call).reply();
                assertThat(reply).as(row.toString()).isEqualTo(expectedReply(row.entry(), reply.answer()));
                assertAnswer(row, reply.answer());
                assertThat(simulator.calls()).as("sent once: " + row).hasSize(before + 1);
                client = reply instanceof Reply.Denied || reply instanceof Reply.Throttled ? at(simulator) : client;
            }
        }
    }

    @Test
    void answersEveryRowToARead() {
        TestClient client = anew();
        for (Row row : ErrorCatalogue.rows()) {
            if (row.status() == 200) {
                continue;
            }
            int before = server.requests.size();
            int most = 4;
            for (int call = 0; call < most; call++) {
                answer(row);
            }

            Read<SubscriptionResource> read =
                    client.partnerCenter.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);

            int asked = server.requests.size() - before;
            server.forgetTheRest();
            assertRead(row, read);
            assertThat(asked).as("calls of " + row).isEqualTo(timesAsked(row));
            client = read instanceof Read.Denied || read instanceof Read.Throttled ? anew() : client;
        }
    }

    @Test
    void givesEveryRowALineOfAdvice() {
        assertThat(ErrorCatalogue.rows())
                .hasSizeGreaterThan(200)
                .allSatisfy(row -> assertThat(row.entry().advice())
                        .as(row.toString())
                        .matches("[A-Z].{15,180}\\.")
                        .doesNotContain("|"));
    }

    private static PartnerCenterSimulator simulator() {
        return PartnerCenterSimulator.start(
                Scenario.builder()
                        .application("app", "secret")
                        .refreshToken("rt")
                        .customer(
                                "Contoso",
                                c -> c.id(TestClient.CUSTOMER.value())
                                        .newCommerceLicence(s -> s.id(TestClient.SUBSCRIPTION.value())))
                        .build(),
                0);
    }

    private static PartnerCenter at(PartnerCenterSimulator simulator) {
        return TestClient.signedInAt(
                simulator.baseUri(), PartnerTenantId.of(simulator.scenario().partnerTenantId()), "rt");
    }

    /** A client that remembers neither denial nor hold. */
    private TestClient anew() {
        return TestClient.of(server.address());
    }

    private void answer(Row row) {
        String headers = row.status() == 429 ? "Retry-After: %d\r\n".formatted(NAMED.toSeconds()) : "";
        server.thenAnswers(row.status(), headers, body(row));
    }

    /** The code as a number and as a text, by turns; a row without one as a code that nobody documented. */
    private static String body(Row row) {
        String code = code(row);
        String form = code.hashCode() % 2 == 0 ? "{\"code\":%s,%s}" : "{\"code\":\"%s\",%s}";
        return form.formatted(code, "\"description\":\"" + WORDS + "\",\"data\":[],\"source\":\"PartnerFD\"");
    }

    private static String code(Row row) {
        return row.code().isEmpty() ? UNDOCUMENTED : row.code();
    }

    private static Reply expectedReply(Entry entry, Answer answer) {
        return switch (entry.meaning()) {
            case SIGN_IN, PERSON -> new Reply.Denied(answer, Denial.APP_SIGN_IN);
            // No document says that the app alone needs a second factor: what is asked for so waits for the user.
            case SECOND_FACTOR -> new Reply.Denied(answer, Denial.USER_SIGN_IN);
            case NOT_FOR_APP_ALONE -> new Reply.Denied(answer, Denial.APP_ALONE);
            case ROLE, PROGRAMME -> new Reply.Denied(answer, Denial.PERMISSION);
            case CUSTOMER_ACCESS -> new Reply.Denied(answer, Denial.CUSTOMER_ACCESS);
            case NOT_OURS, NO_CUSTOMER -> new Reply.Declined(answer, Meaning.NOT_OUR_CUSTOMER);
            case ALREADY_DELETED -> new Reply.Declined(answer, Meaning.ALREADY_DELETED);
            case WINDOW_CLOSED -> new Reply.Declined(answer, Meaning.WINDOW_CLOSED);
            case NOT_OURS_ON_CUSTOMER, NO_SUBSCRIPTION, NO_ORDER, NO_AZURE_SUBSCRIPTION, NOT_FOUND, DECLINED ->
                new Reply.Declined(answer, Meaning.OTHER);
            case STALE -> new Reply.Stale(answer);
            case BUSY -> new Reply.Busy(answer, entry.delay());
            case THROTTLED -> new Reply.Throttled(answer, RetryAfter.UNNAMED);
            case LOST -> new Reply.Lost(answer);
        };
    }

    private static void assertRead(Row row, Read<SubscriptionResource> read) {
        Entry entry = row.entry();
        Answer answer = answer(read);
        Read<SubscriptionResource> expected = switch (entry.meaning()) {
            case SIGN_IN, PERSON -> new Read.Denied<>(Denial.APP_SIGN_IN, answer);
            case SECOND_FACTOR -> new Read.Denied<>(Denial.USER_SIGN_IN, answer);
            // The second answer is to the user's call, and it makes no sense there.
            case NOT_FOR_APP_ALONE -> new Read.Denied<>(Denial.USER_PERMISSION, answer);
            case ROLE, PROGRAMME -> new Read.Denied<>(Denial.PERMISSION, answer);
            case CUSTOMER_ACCESS -> new Read.Denied<>(Denial.CUSTOMER_ACCESS, answer);
            case NOT_OURS, NOT_OURS_ON_CUSTOMER -> new Read.NotOurCustomer<>(answer);
            case NO_CUSTOMER -> new Read.Missing<>(What.CUSTOMER, answer);
            case NO_SUBSCRIPTION, NOT_FOUND -> new Read.Missing<>(What.SUBSCRIPTION, answer);
            case NO_ORDER -> new Read.Missing<>(What.ORDER, answer);
            case BUSY -> new Read.Throttled<>(longer(entry.delay(), Duration.ofMinutes(5)), answer);
            case THROTTLED -> new Read.Throttled<>(NAMED, answer);
            case ALREADY_DELETED, WINDOW_CLOSED, STALE, DECLINED, NO_AZURE_SUBSCRIPTION ->
                new Read.Unreadable<>(what(read), answer);
            case LOST -> new Read.Unavailable<>("status " + row.status(), answer);
        };
        assertThat(read).as(row.toString()).isEqualTo(expected);
        assertAnswer(row, answer);
        if (read instanceof Read.Unreadable<SubscriptionResource> unreadable) {
            assertThat(unreadable.what()).contains(WORDS, entry.advice());
        }
    }

    private static void assertAnswer(Row row, Answer answer) {
        assertThat(answer.httpStatus()).isEqualTo(row.status());
        assertThat(answer.code()).isEqualTo(code(row));
        assertThat(answer.advice()).as(row.toString()).isEqualTo(row.entry().advice());
    }

    private static int timesAsked(Row row) {
        return switch (row.entry().meaning()) {
            case LOST -> 4;
            case SIGN_IN, NOT_FOR_APP_ALONE -> 2;
            case PERSON -> row.status() == 401 ? 2 : 1;
            default -> 1;
        };
    }

    private static Answer answer(Read<?> read) {
        return switch (read) {
            case Read.Found<?> found -> throw new AssertionError("found: " + found);
            case Read.Missing<?> missing -> missing.answer();
            case Read.NotOurCustomer<?> foreign -> foreign.answer();
            case Read.Throttled<?> slow -> slow.answer();
            case Read.Denied<?> denied -> denied.answer();
            case Read.Unreadable<?> unreadable -> unreadable.answer();
            case Read.Unavailable<?> gone -> gone.answer();
        };
    }

    private static String what(Read<?> read) {
        return read instanceof Read.Unreadable<?> unreadable ? unreadable.what() : "";
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}

package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.partnercenter.Heard.Response;
import dev.offramp.partnercenter.Read.Missing.What;
import dev.offramp.partnercenter.Replies.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTests {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Asked CANCEL =
            asked(Denial.APP_SIGN_IN, What.SUBSCRIPTION, Proof.ofStatus(TestClient.SUBSCRIPTION, Known.DELETED));
    private static final Asked UNLINK = asked(Denial.USER_SIGN_IN, What.CUSTOMER, Proof.ofUnlink(TestClient.CUSTOMER));
    private static final Asked ORDER = asked(Denial.APP_SIGN_IN, What.ORDER, Proof.none());

    @ParameterizedTest
    @CsvSource({
        "400, 900117, WINDOW_CLOSED",
        "400, 900213, WINDOW_CLOSED",
        "400, 2011, ALREADY_DELETED",
        "400, 800040, ALREADY_DELETED",
        "403, 20002, NOT_OUR_CUSTOMER",
        "404, 60003, NOT_OUR_CUSTOMER",
        "404, 20003, OTHER",
        "400, 3000, OTHER",
        "400, 800081, OTHER",
        "400, 2006, OTHER",
        "403, 2006, OTHER",
        "409, 27009, OTHER",
        "400, 123456789, OTHER",
        "422, , OTHER"
    })
    void tellsRefusalsOfACancelApart(int status, String code, Reply.Declined.Meaning meaning) {
        assertThat(reply(CANCEL, status, error(code)))
                .isInstanceOfSatisfying(
                        Reply.Declined.class, no -> assertThat(no.meaning()).isEqualTo(meaning));
    }

    @ParameterizedTest
    @CsvSource({
        "403, 20002, NOT_OUR_CUSTOMER",
        "400, 3000, NOT_OUR_CUSTOMER",
        "404, 1000, NOT_OUR_CUSTOMER",
        "404, , NOT_OUR_CUSTOMER",
        "400, 800002, OTHER",
        "400, 2011, OTHER"
    })
    void tellsRefusalsOfAnUnlinkApart(int status, String code, Reply.Declined.Meaning meaning) {
        assertThat(reply(UNLINK, status, error(code)))
                .isInstanceOfSatisfying(
                        Reply.Declined.class, no -> assertThat(no.meaning()).isEqualTo(meaning));
    }

    @ParameterizedTest
    @CsvSource({
        "401, 400, USER_SIGN_IN",
        "401, 900421, USER_SIGN_IN",
        "401, 10001, USER_SIGN_IN",
        "401, , USER_SIGN_IN",
        "403, 900309, USER_SIGN_IN",
        "403, 900329, USER_PERMISSION",
        "403, 900150, USER_PERMISSION",
        "403, 900308, USER_PERMISSION",
        "400, 1002, USER_PERMISSION",
        "403, 800039, PERMISSION",
        "403, 900149, PERMISSION",
        "403, 900123, PERMISSION",
        "403, 900124, PERMISSION",
        "403, 2032, CUSTOMER_ACCESS",
        "403, , CUSTOMER_ACCESS",
        "403, 424242, CUSTOMER_ACCESS"
    })
    void isDeniedForWhatIsAboutOurselves(int status, String code, Denial denial) {
        assertThat(reply(UNLINK, status, error(code)))
                .isInstanceOfSatisfying(
                        Reply.Denied.class, no -> assertThat(no.denial()).isEqualTo(denial));
    }

    @ParameterizedTest
    @CsvSource({
        "409, 800082, PT2M",
        "400, 800082, PT2M",
        "409, 900278, PT24H",
        "409, 800060, PT5M",
        "409, , PT2M",
        "409, 424242, PT2M",
        "400, 900280, PT24H",
        "403, 800073, PT24H"
    })
    void waitsAsLongAsTheDocumentsSay(int status, String code, Duration delay) {
        assertThat(reply(CANCEL, status, error(code)))
                .isInstanceOfSatisfying(
                        Reply.Busy.class, busy -> assertThat(busy.waitFor()).isEqualTo(delay));
    }

    @ParameterizedTest
    @CsvSource({"400, 2055", "412, ", "417, 800036"})
    void isStaleWhenTheCopyIsOld(int status, String code) {
        assertThat(reply(CANCEL, status, error(code))).isInstanceOf(Reply.Stale.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 201, 206, 301, 304, 408, 500, 501, 502, 503, 504, 599})
    void isLostWhereItMayHaveHappened(int status) {
        assertThat(reply(CANCEL, status, "")).isInstanceOf(Reply.Lost.class);
        assertThat(reply(UNLINK, status, "")).isInstanceOf(Reply.Lost.class);
    }

    @Test
    void isAcceptedWithTheAddressToLookAt() {
        Response response = new Response(202, Map.of("location", "/customers/c/subscriptions/s"), "");

        assertThat(Replies.reply(CANCEL, response, NOW))
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        yes -> assertThat(yes.location()).isEqualTo("/v1/customers/c/subscriptions/s"));
    }

    @ParameterizedTest
    @CsvSource({
        "/customers/c/subscriptions/s, /v1/customers/c/subscriptions/s",
        "/v1/customers/c/subscriptions/s, /v1/customers/c/subscriptions/s",
        "customers/c/subscriptions/s, /v1/customers/c/subscriptions/s",
        "https://api.partnercenter.microsoft.com/v1/customers/c, /v1/customers/c",
        "https://api.partnercenter.microsoft.com/customers/c?x=1, /v1/customers/c",
        "//thief.example/v1/customers/c, /v1/customers/c",
        "https://api.partnercenter.microsoft.com, ",
        "mailto:somebody, ",
        "'/customers/<customer-tenant-id>', ",
        "'', ",
        ", "
    })
    void keepsOnlyThePathOfALocation(String header, String path) {
        assertThat(Location.path(header)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"6E7AA601-629E-461B-8933-0898C3CC3C7C\",\"status\":\"Deleted\"}",
                "{\"Id\":\"6e7aa601-629e-461b-8933-0898c3cc3c7c\",\"Status\":\"deleted\"}"
            })
    void isDoneWhenTheBodyShowsTheSubscriptionAsDeleted(String body) {
        assertThat(reply(CANCEL, 200, body)).isInstanceOf(Reply.Done.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "OK",
                "{\"id\":\"6e7aa601-629e-461b-8933-0898c3cc3c7c\"}",
                "{\"id\":\"6e7aa601-629e-461b-8933-0898c3cc3c7c\",\"status\":\"active\"}",
                "{\"id\":\"50000000-0000-4000-8000-000000000001\",\"status\":\"deleted\"}",
                "{\"status\":\"deleted\"}"
            })
    void isNotDoneByA200ThatDoesNotShowIt(String body) {
        assertThat(reply(CANCEL, 200, body)).isInstanceOf(Reply.Lost.class);
    }

    @Test
    void isDoneForAnUnlinkWithOrWithoutABody() {
        assertThat(reply(UNLINK, 200, "")).isInstanceOf(Reply.Done.class);
        assertThat(reply(UNLINK, 200, Fixtures.UNLINKED)).isInstanceOf(Reply.Done.class);
        assertThat(reply(UNLINK, 204, "")).isInstanceOf(Reply.Done.class);
        assertThat(reply(CANCEL, 204, "")).isInstanceOf(Reply.Lost.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Id\":null,\"RelationshipToPartner\":\"no",
                "<html>OK</html>",
                "[]",
                "{}",
                "{\"RelationshipToPartner\":\"reseller\"}",
                "{\"Id\":\"50000000-0000-4000-8000-000000000001\",\"RelationshipToPartner\":\"none\"}",
                "{\"code\":400072,\"description\":\"No.\",\"data\":[]}"
            })
    void isNotDoneForAnUnlinkThatTheBodySpeaksAgainst(String body) {
        assertThat(reply(UNLINK, 200, body)).isInstanceOf(Reply.Lost.class);
    }

    @Test
    void keepsTheCodeOfAnErrorThatCameAsASuccess() {
        assertThat(reply(CANCEL, 200, "{\"code\":400072,\"description\":\"No.\"}")
                        .answer())
                .extracting(Answer::code, Answer::httpStatus)
                .containsExactly("400072", 200);
    }

    @ParameterizedTest
    @CsvSource({
        "SUSPENDED, suspended, true",
        "SUSPENDED, active, false",
        "ACTIVE, Active, true",
        "ACTIVE, suspended, false",
        "DELETED, disabled, false"
    })
    void believesAChangeOfStatusOnlyWhenItIsShown(Known wanted, String shown, boolean believed) {
        Proof proof = Proof.ofStatus(TestClient.SUBSCRIPTION, wanted);

        assertThat(
                        proof.of("{\"id\":\"%s\",\"status\":\"%s\"}".formatted(TestClient.SUBSCRIPTION, shown))
                                instanceof Proof.Finding.Shown)
                .isEqualTo(believed);
    }

    @ParameterizedTest
    @CsvSource({"false, false, true", "false, true, false", "true, true, true", "false, null, false"})
    void believesAChangeOfAutoRenewalOnlyWhenItIsShown(boolean wanted, String shown, boolean believed) {
        Proof proof = Proof.ofAutoRenewal(TestClient.SUBSCRIPTION, wanted);

        assertThat(
                        proof.of("{\"Id\":\"%s\",\"AutoRenewEnabled\":%s}".formatted(TestClient.SUBSCRIPTION, shown))
                                instanceof Proof.Finding.Shown)
                .isEqualTo(believed);
    }

    @Test
    void saysWhatTheHeaderOfAGatewaySaysWhenThereIsNoBody() {
        Response response = new Response(401, Map.of("www-authenticate", "Bearer error=\"invalid_token\""), "");

        assertThat(Replies.reply(UNLINK, response, NOW)).isInstanceOfSatisfying(Reply.Denied.class, denied -> {
            assertThat(denied.denial()).isEqualTo(Denial.USER_SIGN_IN);
            assertThat(denied.answer().words()).contains("invalid_token");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"code\": 800090, \"description\": \"No.\", \"data\": []}|800090|No.",
                "{\"code\": \"800090\", \"description\": \"No.\"}|800090|No.",
                "{\"Code\": 800090, \"Description\": \"No.\"}|800090|No.",
                "{\"statusCode\": 429, \"message\": \"Slow.\"}||Slow.",
                "Some non-structured content.||Some non-structured content.",
                "<html> a\tb </html>||<html> a b </html>",
                "{\"code\": null}||``",
                "{\"code\": {}, \"description\": 7}||7",
                "{||{"
            })
    void readsErrorsInEveryShape(String body, String code, String words) {
        assertThat(ErrorBody.of(body)).isEqualTo(new ErrorBody(code, words));
    }

    @ParameterizedTest
    @CsvSource({
        "57, PT57S",
        "0, PT0S",
        "99999999999, PT1H",
        "'Fri, 20 Nov 2026 10:00:30 GMT', PT30S",
        "'Fri, 20 Nov 2026 09:00:00 GMT', PT0S",
        "soon, PT1M",
        "-5, PT1M",
        ", PT1M"
    })
    void waitsAfterA429InEitherForm(String header, Duration delay) {
        Map<String, String> headers = header == null ? Map.of() : Map.of("retry-after", header);

        assertThat(Replies.reply(UNLINK, new Response(429, headers, ""), NOW))
                .isInstanceOfSatisfying(
                        Reply.Throttled.class,
                        slow -> assertThat(slow.retryAfter()).isEqualTo(delay));
    }

    @Test
    void countsADateFromTheServersOwnClock() {
        Map<String, String> headers =
                Map.of("retry-after", "Tue, 21 Jul 2020 04:11:58 GMT", "date", "Tue, 21 Jul 2020 04:10:58 GMT");

        assertThat(Replies.retryAfter(new Response(429, headers, ""), NOW)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void givesOneLineOfAdviceAndTheServersWords() {
        Reply reply = reply(CANCEL, 409, "{\"code\":900278,\"description\":\"There is a pending operation\"}");

        assertThat(reply.answer().words()).isEqualTo("There is a pending operation");
        assertThat(reply.answer().code()).isEqualTo("900278");
        assertThat(reply.answer().advice()).contains("24 hours");
        assertThat(reply.answer().requestId()).isEqualTo(CANCEL.requestId().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "404, 20003, SUBSCRIPTION",
        "404, 1000, SUBSCRIPTION",
        "404, 60003, CUSTOMER",
    })
    void tellsWhatIsMissing(int status, String code, Read.Missing.What what) {
        assertThat(read(CANCEL, status, error(code)))
                .isInstanceOfSatisfying(
                        Read.Missing.class,
                        missing -> assertThat(missing.what()).isEqualTo(what));
    }

    @Test
    void tellsAMissingOrderApart() {
        assertThat(read(ORDER, 404, error("20000")))
                .isInstanceOfSatisfying(
                        Read.Missing.class,
                        missing -> assertThat(missing.what()).isEqualTo(What.ORDER));
        assertThat(read(ORDER, 404, "gone")).isInstanceOf(Read.Unreadable.class);
    }

    @Test
    void readsThatACustomerIsNotOurs() {
        assertThat(read(UNLINK, 403, error("20002"))).isInstanceOf(Read.NotOurCustomer.class);
        assertThat(read(UNLINK, 400, error("3000"))).isInstanceOf(Read.NotOurCustomer.class);
        assertThat(read(UNLINK, 409, error(null)))
                .isInstanceOfSatisfying(
                        Read.Throttled.class,
                        busy -> assertThat(busy.retryAfter()).isEqualTo(Duration.ofMinutes(5)));
    }

    private static Reply reply(Asked asked, int status, String body) {
        return Replies.reply(asked, new Response(status, Map.of(), body), NOW);
    }

    private static Read<String> read(Asked asked, int status, String body) {
        return Replies.read(asked, new Response(status, Map.of(), body), NOW, Optional::of);
    }

    private static String error(String code) {
        return code == null
                ? ""
                : "{\"code\":%s,\"description\":\"words\",\"data\":[],\"source\":\"PartnerFD\"}".formatted(code);
    }

    private static Asked asked(Denial signIn, What aim, Proof proof) {
        return new Asked(signIn, aim, proof, UUID.randomUUID(), UUID.randomUUID());
    }
}

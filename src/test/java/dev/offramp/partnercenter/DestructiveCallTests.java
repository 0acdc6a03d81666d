package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Call.NotSent;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.client.ResourceAccessException;

/** A destructive call leaves at most once, in time, and never into a hold. */
class DestructiveCallTests {

    private final RawServer server = new RawServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",
                "HTTP/1.1 429 Slow\r\nContent-Length: 500\r\n\r\n{",
                "no HTTP at all\r\n\r\n"
            })
    void isLostWhenTheAnswerIsCutOffAndIsNotSentAgain(String beginning) {
        server.then(RawServer.cutOff(beginning)).thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));

        assertThat(reply(cancel(TestClient.of(server.address())))).isInstanceOf(Reply.Lost.class);
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Id\":null,\"RelationshipToPartner\":\"none\"}",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\u0000\u0001\u0002\u0003",
                "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"RelationshipToPartner\":\"none\"}",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno"
            })
    void isLostWhenTheAnswerIsNotWhatItsLengthSays(String answer) {
        server.then(RawServer.cutOff(answer));
        TestClient client = TestClient.of(server.address());

        Call call = client.partnerCenter.removeResellerRelationship(TestClient.permitToUnlink(TestClient.CUSTOMER));

        assertThat(reply(call)).isInstanceOf(Reply.Lost.class);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void isLostAndNotSentAgainOnAKeptConnectionThatTheServerHasClosed() {
        TestClient client = TestClient.of(server.address());
        server.then(socket -> {
            RawServer.whole(200, "", Fixtures.CUSTOMER).answer(socket);
        });
        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
        server.then(socket -> socket.close()).thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));

        assertThat(reply(cancel(client))).isInstanceOf(Reply.Lost.class);
        assertThat(server.requests).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 408, 301, 307})
    void isLostWhenTheServerFails(int status) {
        server.thenAnswers(status, "Location: /elsewhere\r\n", "oops")
                .thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));

        assertThat(reply(cancel(TestClient.of(server.address())))).isInstanceOf(Reply.Lost.class);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void isLostWhenTheBodyIsNotWholeBeforeTheDeadline() {
        server.then(server.stuckAfter("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"Id\":null"));
        TestClient client = TestClient.withDeadline(server.address(), Duration.ofMillis(400));

        Call call = client.partnerCenter.removeResellerRelationship(TestClient.permitToUnlink(TestClient.CUSTOMER));

        assertThat(reply(call)).isInstanceOf(Reply.Lost.class);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void isLostWhenNoHeaderComesBeforeTheDeadline() {
        server.then(server.stuckAfter(""));
        TestClient client = TestClient.withDeadline(server.address(), Duration.ofMillis(400));

        assertThat(reply(cancel(client))).isInstanceOf(Reply.Lost.class);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void isNotSentAfterItsTime() {
        TestClient client = TestClient.of(server.address());
        Permit late = new Permit(
                Operation.REMOVE_RESELLER_RELATIONSHIP,
                TestClient.CUSTOMER,
                new Step.RemoveRelationship(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                System.nanoTime() - 1);

        assertNotSent(client.partnerCenter.removeResellerRelationship(late), NotSent.Cause.LATE);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void isNotSentInsideAHold() {
        TestClient client = TestClient.of(server.address());
        client.pace.hold(ResourceClass.SUBSCRIPTION, Duration.ofSeconds(57));

        assertNotSent(cancel(client), NotSent.Cause.HOLD);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void neverLeftWhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        TestClient client = TestClient.of(URI.create("http://127.0.0.1:" + port));

        assertNotSent(cancel(client), NotSent.Cause.NO_CONNECTION);
    }

    @Test
    void neverLeftWhenTheNameIsUnknown() {
        assertNotSent(cancel(TestClient.of(URI.create("http://nowhere.invalid"))), NotSent.Cause.NO_CONNECTION);
    }

    /** As the JDK's client says it when the time to connect is over while the connection comes about. */
    @Test
    void mayHaveLeftWhenOnlyTheConnectionCameLate() {
        var late = new HttpTimeoutException("request timed out");
        late.initCause(new ConnectException("HTTP connect timed out"));
        var none = new HttpConnectTimeoutException("HTTP connect timed out");
        none.initCause(new ConnectException("HTTP connect timed out"));

        assertThat(Wire.neverLeft(new ResourceAccessException("I/O error", late)))
                .isFalse();
        assertThat(Wire.neverLeft(new ResourceAccessException("I/O error", none)))
                .isTrue();
    }

    @Test
    void neverLeavesWithoutAToken() {
        TestClient client = TestClient.of(server.address());
        client.issuer.user = () -> new Issuer.Issue.Refusal(true, "AADSTS50076");
        client.issuer.app = () -> new Issuer.Issue.Silence("timeout");

        assertNotSent(
                client.partnerCenter.removeResellerRelationship(TestClient.permitToUnlink(TestClient.CUSTOMER)),
                NotSent.Cause.USER_SIGN_IN);
        assertNotSent(cancel(client), NotSent.Cause.NO_CONNECTION);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void holdsTheResourceAtOnceWhenItIsTold() {
        server.thenAnswers(
                429,
                "Retry-After: 57\r\n",
                "{ \"statusCode\": 429, \"message\": \"Rate limit is exceeded. Try again in 57 seconds.\" }");
        TestClient client = TestClient.of(server.address());

        assertThat(reply(cancel(client)))
                .isInstanceOfSatisfying(
                        Reply.Throttled.class,
                        slow -> assertThat(slow.retryAfter()).isEqualTo(Duration.ofSeconds(57)));
        assertThat(client.pace.held(ResourceClass.SUBSCRIPTION)).isEqualTo(Duration.ofSeconds(57));
        assertNotSent(cancel(client), NotSent.Cause.HOLD);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void isNotRepeatedAfterA401ButTheNextOneHasANewToken() {
        server.thenAnswers(401, "", "{\"code\":400,\"description\":\"Access denied\"}")
                .thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));
        TestClient client = TestClient.of(server.address());

        assertThat(reply(cancel(client)))
                .isInstanceOfSatisfying(
                        Reply.Denied.class,
                        denied -> assertThat(denied.denial()).isEqualTo(Denial.APP_SIGN_IN));
        assertThat(server.requests).hasSize(1);
        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isTrue();

        assertThat(reply(cancel(client))).isInstanceOf(Reply.Done.class);
        assertThat(server.requests.get(1).headers()).containsEntry("authorization", "Bearer app-2");
    }

    @Test
    void stopsWhenTheNewTokenIsRefusedToo() {
        TestClient client = TestClient.of(server.address());
        server.thenAnswers(401, "", "").thenAnswers(401, "", "");

        assertThat(reply(cancel(client))).isInstanceOf(Reply.Denied.class);
        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isTrue();
        assertThat(reply(cancel(client))).isInstanceOf(Reply.Denied.class);

        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isFalse();
        assertNotSent(cancel(client), NotSent.Cause.APP_SIGN_IN);
        assertThat(server.requests).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"401, 900421", "401, 10001", "403, 900309", "403, 90000"})
    void stopsAtOnceWhenNoNewTokenHelps(int status, String code) {
        TestClient client = TestClient.of(server.address());
        server.thenAnswers(status, "", "{\"code\":\"%s\",\"description\":\"words\"}".formatted(code));

        Call call = client.partnerCenter.removeResellerRelationship(TestClient.permitToUnlink(TestClient.CUSTOMER));

        assertThat(reply(call))
                .isInstanceOfSatisfying(
                        Reply.Denied.class,
                        denied -> assertThat(denied.denial()).isEqualTo(Denial.USER_SIGN_IN));
        assertThat(client.partnerCenter.canSignIn(Denial.USER_SIGN_IN)).isFalse();
        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isTrue();
    }

    @Test
    void remembersThatASecondFactorIsMissing() {
        server.thenAnswers(
                401, "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n", "Authentication failed. MFA required.");
        TestClient client = TestClient.of(server.address());

        Call call = client.partnerCenter.removeResellerRelationship(TestClient.permitToUnlink(TestClient.CUSTOMER));

        assertThat(reply(call))
                .isInstanceOfSatisfying(
                        Reply.Denied.class,
                        denied -> assertThat(denied.denial()).isEqualTo(Denial.USER_SIGN_IN));
        assertThat(client.partnerCenter.canSignIn(Denial.USER_SIGN_IN)).isFalse();
        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isTrue();
    }

    @Test
    void refusesAResourceOfAnotherSubscription() {
        TestClient client = TestClient.of(server.address());
        Permit other = TestClient.permitToCancel(
                TestClient.CUSTOMER, SubscriptionId.of("50000000-0000-4000-8000-0000000000ff"));

        assertThatThrownBy(() -> client.partnerCenter.changeSubscription(other, current()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.requests).isEmpty();
    }

    private static Call cancel(TestClient client) {
        return client.partnerCenter.changeSubscription(
                TestClient.permitToCancel(TestClient.CUSTOMER, TestClient.SUBSCRIPTION), current());
    }

    private static SubscriptionResource current() {
        return Resources.subscription(Fixtures.marketplaceSubscription("active"))
                .orElseThrow();
    }

    private static Reply reply(Call call) {
        assertThat(call).isInstanceOf(Call.Sent.class);
        return ((Call.Sent) call).reply();
    }

    private static void assertNotSent(Call call, NotSent.Cause cause) {
        assertThat(call)
                .isInstanceOfSatisfying(
                        NotSent.class, not -> assertThat(not.cause()).isEqualTo(cause));
    }
}

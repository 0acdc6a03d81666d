package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadingTests {

    private final RawServer server = new RawServer();
    private final TestClient client = TestClient.of(server.address());

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void isRepeatedAfterAServerErrorAndASilence() {
        server.thenAnswers(503, "", "")
                .then(RawServer.cutOff("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"))
                .thenAnswers(200, "", Fixtures.CUSTOMER);

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
        assertThat(client.pauses).hasSize(2);
        assertThat(client.pace.reserved()).isEqualTo(2);
    }

    @Test
    void givesUpAfterThreeRepeats() {
        for (int call = 0; call < 6; call++) {
            server.thenAnswers(500, "", "{\"code\":800003,\"description\":\"Unexpected service error\"}");
        }

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER))
                .isInstanceOfSatisfying(
                        Read.Unavailable.class,
                        gone -> assertThat(gone.answer().code()).isEqualTo("800003"));
        assertThat(server.requests).hasSize(4);
    }

    @Test
    void isNotRepeatedWhenItIsRefused() {
        server.thenAnswers(400, "", "{\"code\":\"800002\",\"description\":\"Invalid request input\"}");

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Unreadable.class);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void holdsAndIsNotMadeInsideTheHold() {
        server.thenAnswers(429, "Retry-After: 5\r\n", "{\"statusCode\":429,\"message\":\"slow\"}");

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER))
                .isInstanceOfSatisfying(
                        Read.Throttled.class,
                        slow -> assertThat(slow.retryAfter()).isEqualTo(Duration.ofSeconds(5)));
        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Throttled.class);
        assertThat(client.pace.held(ResourceClass.CUSTOMER)).isEqualTo(Duration.ofSeconds(5));
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void takesOneNewTokenAfterA401() {
        server.thenAnswers(401, "", "").thenAnswers(200, "", Fixtures.CUSTOMER);

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
        assertThat(server.requests.get(1).headers()).containsEntry("authorization", "Bearer app-2");
    }

    @Test
    void isDeniedWhenTheNewTokenIsRefusedToo() {
        server.thenAnswers(401, "", "").thenAnswers(401, "", "").thenAnswers(200, "", Fixtures.CUSTOMER);

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Denied.class);
        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isFalse();
        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Denied.class);
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void stopsAtTheDeadlineOfASlowBody() {
        TestClient hasty = TestClient.withDeadline(server.address(), Duration.ofMillis(300));
        for (int call = 0; call < 4; call++) {
            server.then(server.stuckAfter("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{"));
        }

        assertThat(hasty.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Unavailable.class);
    }

    @Test
    void doesNotReadABodyWithoutEnd() {
        server.thenAnswers(200, "", "{\"id\":\"" + "x".repeat(Wire.LARGEST_RESOURCE) + "\"}");

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Unreadable.class);
    }

    @Test
    void doesNotFollowARedirectWithTheToken() {
        server.thenAnswers(302, "Location: " + server.address() + "/thief\r\n", "");

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Unreadable.class);
        assertThat(server.paths()).containsExactly("GET /v1/customers/" + TestClient.CUSTOMER);
    }

    @Test
    void takesNoGatewaysWordForAMissingCustomer() {
        server.thenAnswers(404, "Content-Type: text/html\r\n", "<html>Not Found</html>");

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Unreadable.class);
    }

    @Test
    void readsABodyWithAByteOrderMark() {
        server.thenAnswers(200, "", "\uFEFF" + Fixtures.CUSTOMER);

        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER))
                .isInstanceOfSatisfying(
                        Read.Found.class,
                        found -> assertThat(((Customer) found.value()).domain()).isEqualTo("contoso.example"));
    }

    @Test
    void takesACustomerThatIsClosedToUsForThatCustomersTrouble() {
        server.thenAnswers(403, "", "{\"code\":2032,\"description\":\"Access denied\"}")
                .thenAnswers(200, "", Fixtures.CUSTOMER);

        assertThat(denialOf(client.partnerCenter.customer(TestClient.CUSTOMER))).isEqualTo(Denial.CUSTOMER_ACCESS);
        assertThat(client.partnerCenter.canSignIn(Denial.PERMISSION)).isTrue();
        assertThat(client.partnerCenter.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
    }

    @Test
    void takesThreeClosedCustomersInARowForOurOwnTrouble() {
        for (int call = 0; call < 4; call++) {
            server.thenAnswers(403, "", "<html>Forbidden</html>");
        }

        assertThat(denialOf(client.partnerCenter.customer(other(1)))).isEqualTo(Denial.CUSTOMER_ACCESS);
        assertThat(denialOf(client.partnerCenter.customer(other(2)))).isEqualTo(Denial.CUSTOMER_ACCESS);
        assertThat(denialOf(client.partnerCenter.customer(other(2)))).isEqualTo(Denial.CUSTOMER_ACCESS);
        assertThat(denialOf(client.partnerCenter.customer(other(3)))).isEqualTo(Denial.PERMISSION);
        assertThat(client.partnerCenter.canSignIn(Denial.PERMISSION)).isFalse();
        assertThat(client.partnerCenter.canSignIn(Denial.USER_PERMISSION)).isTrue();
    }

    @Test
    void closesOnlyWhatNeedsTheUserWhenTheUserLacksTheRole() {
        server.thenAnswers(403, "", "{\"code\":900150,\"description\":\"no rights\"}");

        assertThat(denialOf(client.partnerCenter.entitlements(TestClient.CUSTOMER)))
                .isEqualTo(Denial.USER_PERMISSION);
        assertThat(client.partnerCenter.canSignIn(Denial.USER_SIGN_IN)).isFalse();
        assertThat(client.partnerCenter.canSignIn(Denial.PERMISSION)).isTrue();
        assertThat(client.partnerCenter.canSignIn(Denial.APP_SIGN_IN)).isTrue();
    }

    private static CustomerId other(int number) {
        return CustomerId.of("c0000000-0000-4000-8000-00000000000" + number);
    }

    private static Denial denialOf(Read<?> read) {
        assertThat(read).isInstanceOf(Read.Denied.class);
        return ((Read.Denied<?>) read).denial();
    }
}

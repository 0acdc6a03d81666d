package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomerPagesTests {

    private static final String ONE = "{\"id\":\"c0000000-0000-4000-8000-000000000001\"}";

    private final RawServer server = new RawServer();
    private final TestClient client = TestClient.of(server.address());

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asksForTheNextPageWithTheTokenOfTheOneBefore() {
        server.thenAnswers(
                        200, "", "{\"totalCount\":1,\"items\":[%s],\"continuationToken\":\"AQAAAA==\"}".formatted(ONE))
                .thenAnswers(200, "", "{\"totalCount\":1,\"items\":[%s]}".formatted(ONE));

        CustomerPage first = found(client.partnerCenter.customers(null));
        CustomerPage last = found(client.partnerCenter.customers(first.continuation()));

        assertThat(first.continuation()).isEqualTo("AQAAAA==");
        assertThat(first.complete()).isTrue();
        assertThat(last.continuation()).isNull();
        assertThat(last.complete()).isTrue();
        assertThat(server.paths())
                .containsExactly("GET /v1/customers?size=500", "GET /v1/customers?size=500&seekOperation=next");
        assertThat(server.requests.get(0).headers()).doesNotContainKey("ms-continuationtoken");
        assertThat(server.requests.get(1).headers()).containsEntry("ms-continuationtoken", "AQAAAA==");
    }

    @Test
    void findsTheTokenInTheHeadersOfTheLinkToTheNextPage() {
        server.thenAnswers(200, "", """
                {"totalCount":1,"items":[%s],"Links":{"Next":{"Uri":"/customers?size=500","Method":"GET",
                  "Headers":[{"Key":"X","Value":"y"},{"Key":"MS-ContinuationToken","Value":"AQ=="}]}}}
                """.formatted(ONE));

        assertThat(found(client.partnerCenter.customers(null)).continuation()).isEqualTo("AQ==");
    }

    @Test
    void endsWithTheErrorThatMicrosoftsOwnToolMeets() {
        server.thenAnswers(400, "", "{\"code\":\"2000\",\"description\":\"no more\"}");

        assertThat(found(client.partnerCenter.customers("AQ=="))).isEqualTo(new CustomerPage(List.of(), null, true));
    }

    @Test
    void doesNotTakeThatErrorForAnEmptyFirstPage() {
        server.thenAnswers(400, "", "{\"code\":\"2000\",\"description\":\"no search\"}");

        assertThat(client.partnerCenter.customers(null)).isInstanceOf(Read.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"totalCount\":2,\"items\":[%s]}",
                "{\"items\":[%s]}",
                "{\"totalCount\":2,\"items\":[%s,{\"id\":\"no guid\"}]}",
                "{\"totalCount\":2,\"items\":[%s,7]}",
                "{\"totalCount\":1,\"items\":[%s],\"links\":{\"next\":{\"uri\":\"/customers\"}}}",
                "{\"totalCount\":1,\"items\":[%s],\"continuationToken\":\"a\\r\\nX: y\"}"
            })
    void isNotWholeWhenSomethingIsMissing(String page) {
        server.thenAnswers(200, "", page.formatted(ONE));

        CustomerPage read = found(client.partnerCenter.customers(null));

        assertThat(read.complete()).isFalse();
        assertThat(read.customers()).hasSize(1);
        assertThat(read.continuation()).isNull();
    }

    @Test
    void isOurOwnTroubleWhenTheListIsClosedToUs() {
        server.thenAnswers(403, "", "{\"code\":2032,\"description\":\"Access denied\"}");

        assertThat(client.partnerCenter.customers(null))
                .isInstanceOfSatisfying(
                        Read.Denied.class, denied -> assertThat(denied.denial()).isEqualTo(Denial.PERMISSION));
    }

    private static CustomerPage found(Read<CustomerPage> read) {
        assertThat(read).isInstanceOf(Read.Found.class);
        return ((Read.Found<CustomerPage>) read).value();
    }
}

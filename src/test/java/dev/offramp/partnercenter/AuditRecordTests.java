package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.CustomerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditRecordTests {

    private static final Path SAMPLE = Path.of("src/test/resources/partnercenter/auditrecords-list.json");

    @Test
    void readsTheDocumentedExample() throws IOException {
        var page = Resources.auditRecords(Files.readString(SAMPLE)).orElseThrow();

        assertThat(page.complete()).isTrue();
        assertThat(page.continuation()).isNull();
        assertThat(page.total()).isEqualTo(2);
        assertThat(page.records().getFirst()).satisfies(each -> {
            assertThat(each.at()).isEqualTo(Instant.parse("2024-11-26T03:13:28.9834597Z"));
            assertThat(each.operationType()).isEqualTo("create_order");
            assertThat(each.status()).isEqualTo("succeeded");
            assertThat(each.customer()).isEqualTo(CustomerId.of("0ff00002-1007-4a11-8b0b-0ff0a000abcd"));
            assertThat(each.resources())
                    .containsExactlyInAnyOrder(
                            "0ff00003-100e-4a11-8b0b-0ff0a000abda", "0ff00005-101c-4a11-8b0b-0ff0a000abf4");
            assertThat(each.who()).isEqualTo("agent@northwind.example");
            assertThat(each.correlationId()).isNull();
        });
        assertThat(page.records().getLast().who()).isEqualTo("agent@northwind.example, Northwind back office");
    }

    @Test
    void readsWhatTheChangedResourceBecame() {
        var record = only("""
                {"operationType": "update_subscription", "operationStatus": "succeeded",
                 "operationDate": "2026-11-20T10:00:00Z", "customerId": "0C39D6D5-C70D-4C55-BC02-F620844F3FD1",
                 "originalCorrelationId": "1-2-3",
                 "resourceNewValue": "{\\"Id\\":\\"S-1\\",\\"Status\\":\\"active\\",\\"AutoRenewEnabled\\":false}"}
                """);

        assertThat(record.statusAfter()).isEqualTo("active");
        assertThat(record.renewsAfter()).isFalse();
        assertThat(record.resources()).containsExactly("s-1");
        assertThat(record.correlationId()).isEqualTo("1-2-3");
    }

    @Test
    void leavesOpenWhatARecordDoesNotSay() {
        var record =
                only("{\"customerId\": \"nobody\", \"operationDate\": \"soon\", \"resourceNewValue\": \"{broken\"}");

        assertThat(record.at()).isNull();
        assertThat(record.customer()).isNull();
        assertThat(record.operationType()).isEmpty();
        assertThat(record.status()).isEmpty();
        assertThat(record.statusAfter()).isNull();
    }

    @Test
    void isNoWholePageWithSomethingThatIsNoRecordOrWithoutAWayToTheNext() {
        assertThat(Resources.auditRecords("{\"totalCount\": 1, \"items\": [\"x\"]}")
                        .orElseThrow()
                        .complete())
                .isFalse();
        assertThat(Resources.auditRecords(
                                "{\"totalCount\": 0, \"items\": [], \"links\": {\"next\": {\"uri\": \"/x\"}}}")
                        .orElseThrow()
                        .complete())
                .isFalse();
        assertThat(Resources.auditRecords("{\"totalCount\": 0}")).isEmpty();
        assertThat(Resources.auditRecords("<html>")).isEmpty();
    }

    private static AuditRecord only(String record) {
        return Resources.auditRecords("{\"totalCount\": 1, \"items\": [" + record + "]}")
                .orElseThrow()
                .records()
                .getFirst();
    }
}

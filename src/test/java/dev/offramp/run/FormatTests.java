package dev.offramp.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.OrderTarget;
import dev.offramp.request.RowScreening.Judged;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form in which a file may come, and what is said about one that may not. */
class FormatTests {

    private static final String CUSTOMER = "8f1a2c3e-0d4b-4e6f-9a7b-1c2d3e4f5a6b";
    private static final String SUBSCRIPTION = "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e";
    private static final String ROW = CUSTOMER + "," + SUBSCRIPTION;
    private static final String CSV = "customerId,subscriptionId\n" + ROW + "\n";

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void readsEveryEncodingWithAndWithoutMark(String charset) {
        var csv = CSV.replace("\n", ",Ω\n").replaceFirst(",Ω", ",reference");

        assertThat(ReadFile.of(csv, Charset.forName(charset)).admission().reference())
                .isEqualTo("Ω");
        assertThat(ReadFile.of('\uFEFF' + csv, Charset.forName(charset))
                        .admission()
                        .reference())
                .isEqualTo("Ω");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void readsEveryLineEndAndLeavesOutEmptyLines(String end) {
        var read = ReadFile.of((CSV + "\n\n" + ROW.replace("0b1c", "0b1d")).replace("\n", end));

        assertThat(read.lines()).extracting(Line::number).containsExactly(2L, 5L);
        assertThat(read.lines()).allMatch(line -> line.judged() instanceof Judged.Good);
    }

    @Test
    void takesWhatAQuotedCellHolds() {
        var read = ReadFile.of("reference;subscriptionId;customerId\n\"a;b \"\"c\"\"\r\nd\\\";%s;\"%s\"\n"
                .formatted(SUBSCRIPTION, CUSTOMER));

        assertThat(read.admission().reference()).isEqualTo("a;b \"c\"\r\nd\\");
    }

    @Test
    void countsLinesAsAnEditorDoes() {
        var read = ReadFile.of("customerId,subscriptionId,reference\n" + ROW + ",\"a\nb\nc\"\n" + ROW + ",x\n");

        assertThat(read.lines()).extracting(Line::number).containsExactly(2L, 5L);
    }

    @Test
    void takesABackslashAtTheEndOfALineForWhatItIs() {
        assertThat(ReadFile.of("customerId,subscriptionId,reference\n" + ROW + ",a\\\n" + ROW + ",b\n")
                        .lines())
                .hasSize(2);
    }

    @Test
    void takesEveryColumn() {
        var admission = ReadFile.of(
                        "id,customerId,subscriptionId,reason,requestedBy,reference,group,notBefore,notAfter,expect.offerId,"
                                + "expect.quantity,ifWindowClosed,partnerTenantId\n"
                                + "r-1," + ROW
                                + ",why,who,ref,g,2026-11-21T00:00:00Z,2026-11-30T00:00:00+01:00,offer,12,reject,1F0C9D3E-7A44-4D0E-9A57-0B6F3C1F2A10\n")
                .admission();

        assertThat(admission.key().id()).isEqualTo("r-1");
        assertThat(admission.cause()).isEqualTo("why");
        assertThat(admission.requestedBy()).isEqualTo("who");
        assertThat(admission.group()).isEqualTo("g");
        assertThat(admission.terms().notBefore()).isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
        assertThat(admission.terms().notAfter()).isEqualTo(Instant.parse("2026-11-29T23:00:00Z"));
        assertThat(admission.terms().expect().quantity()).isEqualTo(12);
    }

    @Test
    void derivesAnIdFromRunOperationAndTarget() {
        assertThat(ReadFile.of(CSV).admission().key().id()).isEqualTo("november/cancel-subscription/" + SUBSCRIPTION);
    }

    @Test
    void takesAnOrderInsteadOfASubscription() {
        var rows = "customerId,orderId,orderLineItem,expect.quantity\n%s,Abc_1,0,12\n".formatted(CUSTOMER);
        var admission = ReadFile.of(rows).admission();

        assertThat(admission.order()).isEqualTo(new OrderTarget("Abc_1", 0));
        assertThat(admission.subscriptionId()).isNull();
        assertThat(admission.key().id()).isEqualTo("november/cancel-subscription/Abc_1/0");
        assertThat(ReadFile.of("customerId,orderId\n%s,Abc_1\n".formatted(CUSTOMER))
                        .admission()
                        .key()
                        .id())
                .isEqualTo("november/cancel-subscription/Abc_1");
    }

    @Test
    void readsJsonLinesLikeMessages() {
        var json = "{\"id\":\"r-1\",\"customerId\":\"%s\",\"subscriptionId\":\"%s\",\"expect\":{\"quantity\":12}}\n"
                .formatted(CUSTOMER, SUBSCRIPTION);
        var csv = "id,customerId,subscriptionId,expect.quantity\nr-1," + ROW + ",12\n";

        assertThat(ReadFile.of(json).admission().digest())
                .isEqualTo(ReadFile.of(csv).admission().digest());
    }

    @Test
    void refusesAFileWhoseBeginningIsOfNoUse() {
        assertThat(ReadFile.of("customerId,subscripionId\nx\n").refusal())
                .contains("unknown column 'subscripionId'; the nearest known one is 'subscriptionId'");
        assertThat(ReadFile.of("customerId,subscriptionId,customerId\nx\n").refusal())
                .contains("'customerId' more than once");
        assertThat(ReadFile.of("subscriptionId\nx\n").refusal()).contains("lacks the column 'customerId'");
        assertThat(ReadFile.of("[{}]\nx\n").refusal()).contains("JSON list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\r\n ", "\uFEFF"})
    void refusesAnEmptyFile(String text) {
        assertThat(ReadFile.of(text).refusal()).contains("Write a header");
    }

    @Test
    void saysWhatIsWrongWithALine() {
        var header = "customerId,subscriptionId,expect.quantity\n";

        assertThat(ReadFile.of(header + ROW).badness()).contains("2 cells and the header 3");
        assertThat(ReadFile.of(header + "x," + SUBSCRIPTION + ",1").badness()).contains("not a GUID");
        assertThat(ReadFile.of(header + CUSTOMER + ",,1").badness())
                .contains("must have exactly one of 'subscriptionId' and 'orderId'");
        assertThat(ReadFile.of(header + ROW + ",many").badness()).contains("/data/expect/quantity");
        assertThat(ReadFile.of(header + ROW + ",\"1\"2").badness()).contains("goes on after its closing quote");
        assertThat(ReadFile.of(header + ROW + ",1\"2\"").badness()).contains("does not begin with one");
        assertThat(ReadFile.of(header + ROW + ",\"12").badness()).contains("never closed");
        assertThat(ReadFile.of("notAfter," + header + "2020-01-01T00:00:00Z," + ROW + ",1")
                        .badness())
                .contains("could be begun until");
    }

    @Test
    void saysWhatIsWrongWithAJsonLine() {
        assertThat(ReadFile.of("{\"customerId\":").badness()).contains("not JSON");
        assertThat(ReadFile.of("{\"id\":\"1\",\"id\":\"2\"}").badness()).contains("more than once");
        assertThat(ReadFile.of("{\"custmerId\":\"1\"}").badness()).contains("'custmerId'");
        assertThat(ReadFile.of("{\"mode\":\"plan\"}").badness()).contains("--plan");
        assertThat(ReadFile.of("{\"id\":7}").badness()).contains("must be a text");
    }

    @Test
    void findsBytesThatAreNotOfTheEncoding() {
        var bytes = ("customerId,subscriptionId,reference\n" + ROW + ",M\u00fcller\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(ReadFile.of(bytes).badness()).contains("not UTF-8");
    }

    @Test
    void goesOnAfterAQuoteThatIsNeverClosed() {
        var read = ReadFile.of("customerId,subscriptionId,reference\n" + ROW + ",\"a\n" + (ROW + ",b\n").repeat(80));

        assertThat(read.lines().getFirst().judged())
                .isInstanceOfSatisfying(
                        Judged.Bad.class, bad -> assertThat(bad.message()).contains("never closed"));
        assertThat(read.lines()).hasSizeGreaterThan(10);
        assertThat(read.lines().getLast().number()).isEqualTo(82);
    }
}

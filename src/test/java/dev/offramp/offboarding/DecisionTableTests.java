package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.offramp.offboarding.DecisionTable.Axes;
import dev.offramp.offboarding.DecisionTable.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The tables are whole and without contradiction, whatever the rules make of them. */
class DecisionTableTests {

    private static final List<DecisionTable> TABLES = DecisionTable.all();
    private static final Set<String> STEPS = Set.of(
            "cancel",
            "cancel-order",
            "cancel-order-line",
            "cancel-azure",
            "suspend",
            "reactivate",
            "auto-renew-off",
            "auto-renew-on",
            "unlink",
            "cancel:given",
            "suspend:given");

    @ParameterizedTest
    @FieldSource("TABLES")
    void everyCellIsInExactlyOneRow(DecisionTable table) {
        assertThat(faults(table)).isEmpty();
    }

    @Test
    void thereAreAtLeastFiveThousandCells() {
        AtomicInteger cells = new AtomicInteger();
        TABLES.forEach(table -> table.forEachCell(cell -> cells.incrementAndGet()));
        assertThat(cells).hasValueGreaterThan(5_000);
    }

    @ParameterizedTest
    @FieldSource("TABLES")
    void everyRowNamesItsSourceAndAnExpectationThatExists(DecisionTable table) {
        assertThat(table.rows()).allSatisfy(row -> {
            assertThat(row.source()).isNotBlank();
            assertThat(row.until().isEmpty()).isNotEqualTo(row.verdict().equals("wait"));
            switch (row.verdict()) {
                case "go" -> assertThat(STEPS).contains(row.what());
                case "done", "ended" -> assertThat(row.what()).isEmpty();
                case "wait" -> assertThat(Reason.named(row.what()).status()).isEqualTo(Status.DEFERRED);
                case "blocked" -> assertThat(Reason.named(row.what()).status()).isEqualTo(Status.REJECTED);
                default -> throw new AssertionError("there is no verdict " + row.verdict());
            }
        });
    }

    @Test
    void findsAGapAndAnOverlap() {
        Axes axes = Axes.of(List.of("axis,value,means", "a,1,", "a,2,", "a,3,", "a,low,= 1 2"));
        String header = "a,verdict,what,until,source";
        assertThat(faults(DecisionTable.of("gap", List.of(header, "low,done,,,here"), axes)))
                .hasSize(1);
        assertThat(faults(DecisionTable.of("overlap", List.of(header, "low,done,,,here", "-1,done,,,here"), axes)))
                .hasSize(1);
        assertThat(faults(DecisionTable.of("whole", List.of(header, "low,done,,,here", "-low,done,,,here"), axes)))
                .isEmpty();
        assertThat(faults(DecisionTable.of("dead", List.of("only a: 1", header, "*,done,,,", "3,done,,,"), axes)))
                .containsExactly("never meant: 3,done,,,");
    }

    @Test
    void takesNoWordThatNoAxisHas() {
        Axes axes = Axes.of(List.of("axis,value,means", "a,1,"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> DecisionTable.of("typo", List.of("a,verdict,what,until,source", "l,done,,,here"), axes))
                .withMessage("axis a has no value l");
    }

    private static List<String> faults(DecisionTable table) {
        List<String> faults = new ArrayList<>();
        Set<Row> meant = new HashSet<>();
        table.forEachCell(cell -> {
            List<Row> rows = table.rowsFor(cell);
            meant.addAll(rows);
            if (rows.size() != 1) {
                faults.add("%s is in %d rows: %s".formatted(cell, rows.size(), rows));
            }
        });
        table.rows().stream()
                .filter(row -> !meant.contains(row))
                .forEach(row -> faults.add("never meant: " + row.line()));
        return faults;
    }
}

package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.DecisionTable.Axes;
import dev.offramp.offboarding.DecisionTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The rules decide every cell as the tables say that the documents mean it. */
class DecisionTests {

    private static final Map<String, String> DEFAULTS = Axes.read().defaults();
    private static final List<DecisionTable> TABLES = DecisionTable.all();

    /** So many wrong cells say what is wrong; thousands take their time and say no more. */
    private static final int ENOUGH = 50;

    @ParameterizedTest
    @FieldSource("TABLES")
    void everyCellIsDecidedAsItsRowSays(DecisionTable table) {
        List<String> wrong = new ArrayList<>();
        List<String> falseGo = new ArrayList<>();
        table.forEachCell(cell -> {
            if (wrong.size() == ENOUGH) {
                return;
            }
            Row row = table.rowFor(cell);
            Verdict decided = DecisionCells.decide(table.name(), DEFAULTS, cell);
            String said = DecisionCells.said(decided);
            if (!said.equals(DecisionCells.expected(row))) {
                wrong.add("%s: '%s' where '%s'".formatted(cell, said, row.line()));
                if (decided instanceof Verdict.Go) {
                    falseGo.add("%s: '%s' where '%s'".formatted(cell, said, row.line()));
                }
            }
        });
        assertThat(falseGo).as("false go").isEmpty();
        assertThat(wrong).isEmpty();
    }
}

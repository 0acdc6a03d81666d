package dev.offramp.benchmark;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.DueRequests;
import dev.offramp.ledger.Ledger;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.TestDatabase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long a claim of a batch takes among few requests that are due, among many, and where many others are put off whose
 * last chance comes before that of the due ones: {@code bin/bench claims [--rows N]}, over H2 in memory and over PostgreSQL.
 * The last line that it prints is JSON.
 */
public final class ClaimsBenchmark {

    private static final int FEW = 10_000;
    private static final int BATCH = 500;
    private static final int CLAIMS = 9;

    private ClaimsBenchmark() {}

    /** Ends the process in any case: the database's threads would keep it. */
    public static void main(String... arguments) {
        try {
            System.out.println(JsonMapper.shared().writeValueAsString(measure(rows(arguments))));
            System.out.flush();
            Runtime.getRuntime().exit(0);
        } catch (RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().exit(1);
        }
    }

    private static int rows(String... arguments) {
        var rows = 100_000;
        for (var at = 0; at < arguments.length; at += 2) {
            switch (arguments[at]) {
                case "--rows" -> rows = Integer.parseInt(arguments[at + 1]);
                case "--jar" -> {
                    // Nothing of the shipped jar is started here.
                }
                default ->
                    throw new IllegalArgumentException(
                            "bin/bench claims: '%s' is not known. Write: bin/bench claims [--rows N]"
                                    .formatted(arguments[at]));
            }
        }
        return rows;
    }

    private static Object measure(int rows) {
        var result = new LinkedHashMap<String, Object>();
        result.put("rowsFew", FEW);
        result.put("rowsMany", rows);
        result.put("batch", BATCH);
        for (var database : TestDatabase.values()) {
            measure(database, 0, 0);
            var few = measure(database, FEW, 0);
            var many = measure(database, rows, 0);
            var putOff = measure(database, FEW, rows);
            result.put(database.name().toLowerCase(Locale.ROOT), figures(few, many, putOff));
        }
        return result;
    }

    private static Map<String, Double> figures(double few, double many, double putOff) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("millisPerClaimFew", few);
        figures.put("millisPerClaimMany", many);
        figures.put("millisPerClaimManyPutOff", putOff);
        figures.put("ratio", ratio(many, few));
        figures.put("ratioPutOff", ratio(putOff, few));
        return figures;
    }

    private static double ratio(double many, double few) {
        return Math.round(100.0 * many / few) / 100.0;
    }

    /** The best of some claims that each find more than they take: as it is once nobody else wants the machine. */
    private static double measure(TestDatabase kind, int due, int putOff) {
        try (var database = kind.fresh()) {
            var requests = DueRequests.in(kind, JdbcClient.create(database));
            requests.addPutOff(putOff);
            requests.addDue(Math.max(due, (CLAIMS + 1) * BATCH));
            var batches = Ledger.over(database).batches();
            var times = new long[CLAIMS];
            for (var claim = 0; claim < CLAIMS; claim++) {
                var start = System.nanoTime();
                batches.claim(
                                new Claim(
                                        "node-1",
                                        Admission.OTHER_JOB,
                                        LedgerFixture.LEASE,
                                        BATCH,
                                        50,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        true),
                                Admissions.START)
                        .orElseThrow();
                times[claim] = System.nanoTime() - start;
            }
            return Math.round(Arrays.stream(times).min().orElseThrow() / 10_000.0) / 100.0;
        }
    }
}

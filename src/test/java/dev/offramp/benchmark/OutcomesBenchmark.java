package dev.offramp.benchmark;

import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.SentOutcomes;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long a page of unsent outcomes takes to read and to note as sent, among few sent ones and among many:
 * {@code bin/bench outcomes [--rows N]}, over PostgreSQL. The last line that it prints is JSON.
 */
public final class OutcomesBenchmark {

    private static final int FEW = 10_000;
    private static final int PAGE = 500;
    private static final int PAGES = 20;
    private static final int ROUNDS = 4;

    private OutcomesBenchmark() {}

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

    private static long rows(String... arguments) {
        var rows = 10_000_000L;
        for (var at = 0; at < arguments.length; at += 2) {
            switch (arguments[at]) {
                case "--rows" -> rows = Long.parseLong(arguments[at + 1]);
                case "--jar" -> {
                    // Nothing of the shipped jar is started here.
                }
                default ->
                    throw new IllegalArgumentException(
                            "bin/bench outcomes: '%s' is not known. Write: bin/bench outcomes [--rows N]"
                                    .formatted(arguments[at]));
            }
        }
        return rows;
    }

    private static Object measure(long rows) {
        try (var database = TestDatabase.POSTGRESQL.fresh()) {
            var ledger = Ledger.over(database);
            var jdbc = JdbcClient.create(database);
            SentOutcomes.addUpTo(FEW, jdbc);
            var few = bestMillisOfAPage(ledger, jdbc);
            var start = System.nanoTime();
            SentOutcomes.addUpTo(rows, jdbc);
            System.out.println("%d outcomes were sent, made in %d s."
                    .formatted(rows, Duration.ofNanos(System.nanoTime() - start).toSeconds()));
            var many = bestMillisOfAPage(ledger, jdbc);
            var result = new LinkedHashMap<String, Object>();
            result.put("rowsFew", FEW);
            result.put("rowsMany", rows);
            result.put("page", PAGE);
            result.put("millisPerPageFew", few);
            result.put("millisPerPageMany", many);
            result.put("ratio", Math.round(100.0 * many / few) / 100.0);
            return result;
        }
    }

    /** The best of some rounds: as it is once database and program are warm, and nobody else wants the machine. */
    private static double bestMillisOfAPage(Ledger ledger, JdbcClient jdbc) {
        jdbc.sql("vacuum analyze").update();
        return IntStream.range(0, ROUNDS)
                .mapToDouble(_ -> millisOfAPage(ledger))
                .min()
                .orElseThrow();
    }

    /** The median. */
    private static double millisOfAPage(Ledger ledger) {
        var requests = IntStream.range(0, PAGE * PAGES)
                .mapToObj(each -> Admissions.cancel()
                        .of(Admissions.customer("customer " + each % 200))
                        .build())
                .toList();
        for (var from = 0; from < requests.size(); from += PAGE) {
            ledger.requests().admit(requests.subList(from, from + PAGE), Admissions.START);
        }
        var times = new long[PAGES];
        for (var page = 0; page < PAGES; page++) {
            var start = System.nanoTime();
            var unsent = ledger.outcomes().unsent(PAGE);
            ledger.outcomes().sent(unsent.stream().map(Outcomes.Outcome::ticket).toList());
            times[page] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        return Math.round(times[PAGES / 2] / 10_000.0) / 100.0;
    }
}

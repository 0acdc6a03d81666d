package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.safety.CustomerBase.Count;
import dev.offramp.safety.CustomerBase.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the last counts of the customer base is believed. */
class BelievedCustomerBaseTests {

    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

    @ParameterizedTest(name = "{0} after {1}: {2} is believed")
    @CsvSource({
        "1000, 1000, 1000, false",
        "990, 1000, 990, false",
        "500, 1000, 500, false",
        "499, 1000, 499, true",
        "0, 1000, 0, true",
        "2000, 1000, 2000, false",
        "2001, 1000, 1000, true",
        "0, 0, 0, false",
        "1, 0, 0, true",
        "1, 2, 1, false",
        "1, 3, 1, true",
    })
    void believesTheSmallerWhereACountIsFarFromTheOneBefore(long count, long before, long believed, boolean doubted) {
        assertThat(CustomerBase.believed(
                        List.of(new Count(count, NOW), new Count(before, NOW.minus(Duration.ofDays(1)))), NOW))
                .contains(new Size(believed, NOW, doubted ? count : null));
    }

    @Test
    void knowsNothingWithoutACountOfThisWeek() {
        Count old = new Count(1000, NOW.minus(Duration.ofDays(7)));
        Count younger = new Count(1000, old.at().plusMillis(1));

        assertThat(CustomerBase.believed(List.of(), NOW)).isEmpty();
        assertThat(CustomerBase.believed(List.of(old), NOW)).isEmpty();
        assertThat(CustomerBase.believed(List.of(younger), NOW)).contains(new Size(1000, younger.at(), null));
    }

    @Test
    void isANumberForLimits() {
        assertThat(Size.configured(300).asNumber()).hasValue(300);
    }
}

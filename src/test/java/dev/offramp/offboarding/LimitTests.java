package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTests {

    @ParameterizedTest(name = "{0} of {1} customers is {2}")
    @CsvSource({
        "0, 1000, 0",
        "20, 1000, 20",
        "20, 0, 20",
        "1%, 1000, 10",
        "1%, 1099, 10",
        "1%, 99, 0",
        "0%, 1000000, 0",
        "100%, 7, 7",
        "0.2%, 2499, 4",
        "0.2%, 2500, 5",
        "0.2 %, 2500, 5",
        "20 or 1%, 1999, 20",
        "20 or 1%, 2000, 20",
        "20 or 1%, 2100, 21",
        "5 or 0.2%, 3000, 6",
        "5 or 0.0001%, 9000000, 9",
    })
    void isANumberAShareOrTheLargerOfBoth(String written, long base, long allowed) {
        assertThat(Limit.of(written).allowed(OptionalLong.of(base))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"20, 20", "1%, 0", "20 or 1%, 20"})
    void isItsNumberAloneWhereNobodyKnowsHowManyCustomersThereAre(String written, long allowed) {
        assertThat(Limit.of(written).allowed(OptionalLong.empty())).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "five",
                "1.5",
                "20 or",
                "or 1%",
                "20 or 30",
                "20, 1%",
                "101%",
                "1%%",
                "20 1%",
                "0.00001%"
            })
    void refusesWhatIsNoLimit(String written) {
        assertThatThrownBy(() -> Limit.of(written)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysHowALimitIsWritten() {
        assertThatThrownBy(() -> Limit.of("many"))
                .hasMessage(
                        "'many' is no limit; write a number, a share of the customer base, or both: 20, 1% or '20 or 1%'.");
        assertThatThrownBy(() -> Limit.of("100.1%")).hasMessage("A limit of 100.1% is none; write 0% to 100%.");
        assertThatThrownBy(() -> Limit.of(-1)).hasMessage("A limit of -1 is none; write 0 or more.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "20", "1%", "0.2%", "20 or 1%", "5 or 0.2%", "0%", "100%"})
    void isWrittenAsItWasRead(String written) {
        assertThat(Limit.of(written))
                .hasToString(written)
                .isEqualTo(Limit.of(Limit.of(written).toString()));
    }

    @Test
    void isTheSameHoweverTheShareIsWritten() {
        assertThat(Limit.of("1.00%")).isEqualTo(Limit.of("1%")).hasToString("1%");
        assertThat(Limit.of("20").needsBase()).isFalse();
        assertThat(Limit.of("20 or 0%").needsBase()).isTrue();
    }
}

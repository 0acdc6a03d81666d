package dev.offramp.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 2 * * *",
                "*/15 8-18/2 1,15 jan-mar MON-FRI",
                "0 0 29 2 *",
                "0 0 31 2 mon",
                "5/10 ? ? * 0",
                "  0   2 * *  * "
            })
    void takesWhatACronJobTakes(String cron) {
        assertThat(Cron.complaint(cron)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            0 2 * *         | has 4 fields
            0 0 2 * * *     | has 6 fields
            @daily          | has 1 fields
            60 2 * * *      | '60' in '60 2 * * *' is no minute: write 0 to 59.
            0 24 * * *      | is no hour
            0 2 0 * *       | is no day of month
            0 2 * 13 *      | is no month
            0 2 * * 7       | is no day of week: write 0 to 6.
            0 2 * * monday  | 'monday' is no number.
            5-1 2 * * *     | must not end before it begins
            */0 2 * * *     | a step must be 1 or more
            1,,2 2 * * *    | is no number
            */2/2 2 * * *   | one step at most
            1-2-3 2 * * *   | write a range as
            0 0 30 2 *      | names a day that no month has
            0 0 31 4,6 *    | names a day that no month has
            """)
    void saysWhatIsWrong(String cron, String sentence) {
        assertThat(Cron.complaint(cron))
                .hasValueSatisfying(said -> assertThat(said).contains(sentence));
    }
}

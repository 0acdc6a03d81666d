package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTests {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private Instant databaseTime = NOON;
    private boolean databaseAway;
    private long nanos = 5_000;
    private long questionTakes;

    @Test
    void tellsTheTimeOfTheDatabase() {
        assertThat(clock().instant()).isEqualTo(NOON);
    }

    @Test
    void runsOnByTheMonotonicClockBetweenTwoQuestions() {
        var clock = clock();

        pass(Duration.ofMillis(700));

        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(700));
    }

    @Test
    void followsTheDatabaseWhenItSaysAnotherTime() {
        var clock = clock();

        databaseTime = NOON.plusSeconds(3);
        clock.adjust();

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(3));
    }

    @Test
    void followsTheDatabaseAlsoWhenItJumpsBack() {
        var clock = clock();

        databaseTime = NOON.minus(Duration.ofHours(3));
        clock.adjust();

        assertThat(clock.instant()).isEqualTo(NOON.minus(Duration.ofHours(3)));
    }

    @Test
    void tellsTheSameTimeOnNodesWhoseOwnClocksDiffer() {
        var one = new DatabaseClock(() -> databaseTime, () -> nanos);
        var other = new DatabaseClock(
                () -> databaseTime, () -> nanos + Duration.ofHours(7).toNanos());

        pass(Duration.ofMillis(700));

        assertThat(one.instant()).isEqualTo(other.instant());
    }

    @Test
    void ignoresADifferenceThatIsSmallerThanTheTimeTheQuestionTook() {
        var clock = clock();

        questionTakes = Duration.ofMillis(20).toNanos();
        databaseTime = NOON.plusMillis(15);
        clock.adjust();

        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(20));
    }

    @Test
    void takesTheMiddleOfTheQuestionForTheTimeOfTheAnswer() {
        questionTakes = Duration.ofMillis(10).toNanos();

        assertThat(clock().instant()).isEqualTo(NOON.plusMillis(5));
    }

    @Test
    void goesOnWhileTheDatabaseIsAwayAndFollowsItAgainAfterwards() {
        var clock = clock();

        databaseAway = true;
        pass(Duration.ofMinutes(2));
        clock.adjust();
        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofMinutes(2)));

        databaseAway = false;
        databaseTime = NOON.plus(Duration.ofMinutes(5));
        clock.adjust();
        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofMinutes(5)));
    }

    @Test
    void isNotThereWithoutADatabaseToBeginWith() {
        databaseAway = true;

        assertThatThrownBy(this::clock).hasMessage("away");
    }

    @Test
    void isTurnedByHand() {
        var clock = clock();

        clock.turn(Duration.ofDays(7));
        clock.adjust();

        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofDays(7)));
    }

    @Test
    void tellsWholeMicroseconds() {
        var clock = clock();

        nanos += 1_999;

        assertThat(clock.instant()).isEqualTo(NOON.plusNanos(1_000));
    }

    private DatabaseClock clock() {
        return new DatabaseClock(this::ask, () -> nanos);
    }

    private Instant ask() {
        if (databaseAway) {
            throw new IllegalStateException("away");
        }
        nanos += questionTakes;
        return databaseTime;
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}

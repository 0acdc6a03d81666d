package dev.offramp.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.request.Valve.Why;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BacklogTests {

    private final AtomicLong open = new AtomicLong();
    private final AtomicBoolean shut = new AtomicBoolean();
    private final Valve valve = new Valve(() -> shut.set(true), () -> shut.set(false));
    private final Backlog backlog = new Backlog(open::get, 100, valve);

    @Test
    void pausesWhenTheLimitIsReachedByWhatWasAdmittedSinceTheLastLook() {
        open.set(60);
        backlog.look();
        backlog.grewBy(39);
        assertThat(shut).isFalse();

        backlog.grewBy(1);

        assertThat(shut).isTrue();
    }

    @Test
    void pausesWhenTheLookFindsTooMany() {
        open.set(100);
        backlog.look();

        assertThat(shut).isTrue();
    }

    @Test
    void goesOnBelowNineTenths() {
        open.set(100);
        backlog.look();
        open.set(90);
        backlog.look();
        assertThat(shut).isTrue();

        open.set(89);
        backlog.look();

        assertThat(shut).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = "BACKLOG", mode = EnumSource.Mode.EXCLUDE)
    void opensNothingThatIsShutForAnotherReason(Why other) {
        open.set(100);
        backlog.look();
        valve.shut(other);
        open.set(0);
        backlog.look();
        assertThat(shut).isTrue();
        assertThat(valve.reasons()).containsExactly(other);

        valve.open(other);

        assertThat(shut).isFalse();
    }

    @Test
    void staysShutForTheBacklogWhenAPersonResumes() {
        valve.shut(Why.PERSON);
        open.set(100);
        backlog.look();

        valve.open(Why.PERSON);
        assertThat(shut).isTrue();

        open.set(0);
        backlog.look();
        assertThat(shut).isFalse();
    }
}

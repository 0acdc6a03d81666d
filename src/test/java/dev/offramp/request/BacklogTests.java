package dev.offramp.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BacklogTests {

    private final AtomicLong open = new AtomicLong();
    private final Tap tap = new Tap();
    private final Backlog backlog = new Backlog(open::get, 100, tap);

    @Test
    void pausesWhenTheLimitIsReachedByWhatWasAdmittedSinceTheLastLook() {
        open.set(60);
        backlog.look();
        backlog.grewBy(39);
        assertThat(tap.isShut()).isFalse();

        backlog.grewBy(1);

        assertThat(tap.isShut()).isTrue();
    }

    @Test
    void pausesWhenTheLookFindsTooMany() {
        open.set(100);
        backlog.look();

        assertThat(tap.isShut()).isTrue();
    }

    @Test
    void goesOnBelowNineTenths() {
        open.set(100);
        backlog.look();
        open.set(90);
        backlog.look();
        assertThat(tap.isShut()).isTrue();

        open.set(89);
        backlog.look();

        assertThat(tap.isShut()).isFalse();
    }

    private static final class Tap implements Backlog.Valve {

        private boolean shut;

        @Override
        public boolean isShut() {
            return shut;
        }

        @Override
        public void shut() {
            shut = true;
        }

        @Override
        public void open() {
            shut = false;
        }
    }
}

package dev.offramp.batch;

import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Read;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.util.concurrent.TimeUnit;

/** Whether Partner Center can be worked with now: the breaker over its reads, and our sign-ins. */
final class Weather {

    private final PartnerCenter partnerCenter;
    private final CircuitBreaker breaker;

    Weather(PartnerCenter partnerCenter, CircuitBreaker breaker) {
        this.partnerCenter = partnerCenter;
        this.breaker = breaker;
    }

    /** Takes note of what a read brought. */
    void note(Read<?> read) {
        switch (read) {
            case Read.Unavailable<?> silent -> silent(silent.cause());
            case Read.Found<?> _,
                    Read.Missing<?> _,
                    Read.NotOurCustomer<?> _,
                    Read.Throttled<?> _,
                    Read.Denied<?> _,
                    Read.Unreadable<?> _ -> answered();
        }
    }

    /** A read brought an answer, whatever it said. */
    private void answered() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** A read brought none. */
    private void silent(String cause) {
        breaker.onError(0, TimeUnit.NANOSECONDS, new NoAnswer(cause));
    }

    /** Nothing is started while it is down; after a while it lets a few through to see. */
    boolean isDown() {
        return breaker.getState() == State.OPEN;
    }

    /** Whether a read without answer may be more than the trouble of its target: it is down, or was and nobody knows. */
    boolean isInDoubt() {
        return breaker.getState() != State.CLOSED;
    }

    boolean canSignIn(Denial signIn) {
        return partnerCenter.canSignIn(signIn);
    }

    /** What the breaker counts. */
    private static final class NoAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoAnswer(String cause) {
            super(cause, null, false, false);
        }
    }
}

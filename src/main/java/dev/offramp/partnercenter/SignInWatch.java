package dev.offramp.partnercenter;

import dev.offramp.partnercenter.JdbcRefreshTokens.Kept;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Looks after the stored sign-in although nothing is to be done: uses it once a day, so that its time begins anew, seals
 * it with the present key, and tells a person in time.
 */
final class SignInWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SignInWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(10);
    private static final Duration TELL_AGAIN = Duration.ofDays(1);

    private final JdbcRefreshTokens refreshTokens;
    private final SignIns signIns;
    private final TokenFlow user;
    private final Duration useEvery;
    private final InstantSource clock;
    private final Map<String, Instant> told = new HashMap<>();
    private @Nullable ScheduledExecutorService thread;
    private volatile @Nullable Kept seen;

    /** @param useEvery how often the refresh token is used at least */
    SignInWatch(
            JdbcRefreshTokens refreshTokens, SignIns signIns, TokenFlow user, Duration useEvery, InstantSource clock) {
        this.refreshTokens = refreshTokens;
        this.signIns = signIns;
        this.user = user;
        this.useEvery = useEvery;
        this.clock = clock;
    }

    /** One look; the first one comes with the start. */
    void look() {
        refreshTokens.importOnce();
        refreshTokens.saveWhatIsLeft();
        refreshTokens.sealAnew();
        Kept kept = refreshTokens.kept();
        if (isDue(kept)) {
            user.token();
            kept = refreshTokens.kept();
        }
        Kept before = seen;
        if (before != null && before.version() != kept.version() && kept.refusal() == null) {
            // Somebody has signed in, or another node has renewed it: what this node was told before is over.
            user.forgive();
        }
        seen = kept;
        tell(signIns.needsPerson(kept, clock.instant()));
    }

    private boolean isDue(Kept kept) {
        Instant used = kept.usedAt();
        return kept.hasToken() && (used == null || !clock.instant().isBefore(used.plus(useEvery)));
    }

    /** How long the stored refresh token is still good, in seconds; not a number when there is none. */
    double secondsLeft() {
        Kept kept = seen;
        Instant end = kept == null ? null : signIns.end(kept);
        return end == null ? Double.NaN : Duration.between(clock.instant(), end).toSeconds();
    }

    private void tell(List<String> sentences) {
        Instant now = clock.instant();
        told.keySet().retainAll(sentences);
        for (String sentence : sentences) {
            Instant last = told.get(sentence);
            if (last == null || !now.isBefore(last.plus(TELL_AGAIN))) {
                log.warn("The sign-in to Partner Center needs a person. {}", sentence);
                told.put(sentence, now);
            }
        }
    }

    private void safely() {
        try {
            look();
        } catch (DataAccessException e) {
            log.warn("The stored sign-in could not be looked after; it is tried again: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("Looking after the stored sign-in broke off: this is a bug in Offramp", e);
        }
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("sign-in-watch").factory());
            thread.scheduleWithFixedDelay(this::safely, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.shutdown();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}

package dev.offramp.partnercenter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way to sign in: keeps the token until shortly before its end, lets one caller at a time ask for a new one while
 * the others wait for that one's result, and remembers a refusal for a while. No lock is held while asking.
 */
final class TokenFlow {

    private static final Logger log = LoggerFactory.getLogger(TokenFlow.class);

    private static final Duration TELL_AGAIN = Duration.ofHours(1);

    private final Supplier<SignIn> source;
    private final Duration denialMemory;
    private final LongSupplier ticker;

    private @Nullable AccessToken token;
    private SignIn.@Nullable Refused refusal;
    private long refusalEnds;
    private SignIn.@Nullable Refused told;
    private long toldAt;
    private @Nullable CompletableFuture<SignIn> flight;

    /** @param ticker nanoseconds, like {@link System#nanoTime()} */
    TokenFlow(Supplier<SignIn> source, Duration denialMemory, LongSupplier ticker) {
        this.source = source;
        this.denialMemory = denialMemory;
        this.ticker = ticker;
    }

    /** A usable token, from memory when there is one. */
    SignIn token() {
        CompletableFuture<SignIn> mine = new CompletableFuture<>();
        CompletableFuture<SignIn> running;
        synchronized (this) {
            AccessToken known = token;
            if (known != null && known.goodUntil() - ticker.getAsLong() > 0) {
                return new SignIn.Granted(known);
            }
            SignIn.Refused remembered = refusal;
            if (remembered != null && refusalEnds - ticker.getAsLong() > 0) {
                return remembered;
            }
            running = flight;
            if (running == null) {
                flight = mine;
            }
        }
        return running == null ? ask(mine) : await(running);
    }

    /** Forgets a token that the server did not take, unless a newer one is here already. */
    synchronized void forget(AccessToken refused) {
        if (refused.equals(token)) {
            token = null;
        }
    }

    /** The server refused us although the token is new: asking again at once is of no use. */
    synchronized void denied(SignIn.Refused why) {
        tell(why);
        token = null;
        refusal = why;
        refusalEnds = ticker.getAsLong() + denialMemory.toNanos();
    }

    /** Somebody has signed in anew: what was known of the sign-in before does not count any more. */
    synchronized void renew() {
        token = null;
        refusal = null;
        told = null;
    }

    /** What was refused has been replaced; a token that works stays. */
    synchronized void forgive() {
        refusal = null;
    }

    /** Why the last sign-in did not work; empty when it did, or none was tried. */
    synchronized Optional<SignIn.Refused> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Once in a while until it works again, not each time that it is tried in vain. */
    private void tell(SignIn.Refused why) {
        long now = ticker.getAsLong();
        if (why.equals(told) && now - toldAt < TELL_AGAIN.toNanos()) {
            return;
        }
        told = why;
        toldAt = now;
        boolean user = why.denial() == Denial.USER_SIGN_IN;
        log.warn(
                "Partner Center cannot be signed in to as the {}: {}. {}; it is tried again by itself.",
                user ? "user" : "application",
                why.words(),
                user
                        ? "Unlinks are not begun until a person signs in with bin/offramp login"
                        : "No batch goes on until an operator corrects client-id, client-secret or certificate, or tenant-id");
    }

    /** Whether a token is here, or nothing is known that speaks against getting one. */
    synchronized boolean isUsable() {
        return refusal == null || refusalEnds - ticker.getAsLong() <= 0;
    }

    private SignIn ask(CompletableFuture<SignIn> mine) {
        try {
            SignIn result = source.get();
            keep(result);
            mine.complete(result);
            return result;
        } catch (RuntimeException | Error bug) {
            land();
            mine.completeExceptionally(bug);
            throw bug;
        }
    }

    private static SignIn await(CompletableFuture<SignIn> running) {
        try {
            return running.join();
        } catch (CompletionException e) {
            return new SignIn.Unreachable("the sign-in that was under way failed: " + e.getCause());
        }
    }

    private synchronized void keep(SignIn result) {
        flight = null;
        switch (result) {
            case SignIn.Granted granted -> {
                token = granted.token();
                refusal = null;
            }
            case SignIn.Refused refused -> denied(refused);
            case SignIn.Unreachable silent -> {}
        }
    }

    private synchronized void land() {
        flight = null;
    }
}

package dev.offramp.partnercenter;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether we may: the tokens of both sign-ins, and for a while what Partner Center itself refused us. */
final class Access {

    private final Tokens tokens;
    private final Duration denialMemory;
    private final LongSupplier ticker;
    private volatile long permissionDeniedUntil;

    Access(Tokens tokens, Duration denialMemory, LongSupplier ticker) {
        this.tokens = tokens;
        this.denialMemory = denialMemory;
        this.ticker = ticker;
        permissionDeniedUntil = ticker.getAsLong();
    }

    TokenFlow of(Denial signIn) {
        return tokens.of(signIn);
    }

    /** Partner Center refused us in spite of a token. */
    void denied(Denial denial, Answer answer) {
        switch (denial) {
            case APP_SIGN_IN, USER_SIGN_IN ->
                tokens.of(denial)
                        .denied(new SignIn.Refused(
                                denial,
                                "Partner Center answered %d: %s".formatted(answer.httpStatus(), answer.words())));
            case PERMISSION -> permissionDeniedUntil = ticker.getAsLong() + denialMemory.toNanos();
        }
    }

    boolean isUsable(Denial signIn) {
        return switch (signIn) {
            case APP_SIGN_IN, USER_SIGN_IN -> tokens.of(signIn).isUsable();
            case PERMISSION -> permissionDeniedUntil - ticker.getAsLong() <= 0;
        };
    }
}

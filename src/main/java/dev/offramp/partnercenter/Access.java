package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whether we may: the tokens of both sign-ins, and for a while what Partner Center itself refused us. */
final class Access {

    /** So many customers one after the other, and none in between that let us in: it is not about them. */
    private static final int CLOSED_TO_US = 3;

    private final Tokens tokens;
    private final Duration denialMemory;
    private final LongSupplier ticker;
    private final Set<CustomerId> closedToApp = ConcurrentHashMap.newKeySet();
    private final Set<CustomerId> closedToUser = ConcurrentHashMap.newKeySet();
    private volatile long permissionDeniedUntil;
    private volatile long userPermissionDeniedUntil;

    Access(Tokens tokens, Duration denialMemory, LongSupplier ticker) {
        this.tokens = tokens;
        this.denialMemory = denialMemory;
        this.ticker = ticker;
        permissionDeniedUntil = ticker.getAsLong();
        userPermissionDeniedUntil = permissionDeniedUntil;
    }

    TokenFlow of(Denial signIn) {
        return tokens.of(signIn);
    }

    /** Partner Center let us in. */
    void granted(Denial signIn) {
        closedTo(signIn).clear();
    }

    /** Whose trouble a refusal is that names only the customer: after several customers in a row it is our own. */
    Denial judged(Denial denial, Denial signIn, @Nullable CustomerId customer) {
        if (denial != Denial.CUSTOMER_ACCESS) {
            return denial;
        }
        Set<CustomerId> closed = closedTo(signIn);
        if (customer != null) {
            closed.add(customer);
            if (closed.size() < CLOSED_TO_US) {
                return denial;
            }
        }
        return signIn == Denial.USER_SIGN_IN ? Denial.USER_PERMISSION : Denial.PERMISSION;
    }

    private Set<CustomerId> closedTo(Denial signIn) {
        return signIn == Denial.USER_SIGN_IN ? closedToUser : closedToApp;
    }

    /** Partner Center refused us in spite of a token. */
    void denied(Denial denial, Answer answer) {
        switch (denial) {
            case APP_SIGN_IN, USER_SIGN_IN -> tokens.of(denial).denied(new SignIn.Refused(denial, words(answer)));
            case PERMISSION -> permissionDeniedUntil = ticker.getAsLong() + denialMemory.toNanos();
            case USER_PERMISSION -> userPermissionDeniedUntil = ticker.getAsLong() + denialMemory.toNanos();
            case CUSTOMER_ACCESS -> {
                // It says nothing about the next customer.
            }
        }
    }

    private static String words(Answer answer) {
        String said = "Partner Center answered %d: %s".formatted(answer.httpStatus(), answer.words());
        String advice = answer.advice().replaceAll("[.\\s]+$", "");
        return advice.isEmpty() ? said : "%s (%s)".formatted(said, advice);
    }

    /** Without the role the user's token is of no use. */
    boolean isUsable(Denial signIn) {
        return switch (signIn) {
            case APP_SIGN_IN -> tokens.of(signIn).isUsable();
            case USER_SIGN_IN -> tokens.of(signIn).isUsable() && isUsable(Denial.USER_PERMISSION);
            case PERMISSION -> permissionDeniedUntil - ticker.getAsLong() <= 0;
            case USER_PERMISSION -> userPermissionDeniedUntil - ticker.getAsLong() <= 0;
            case CUSTOMER_ACCESS -> true;
        };
    }
}

package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.partnercenter.Read.Missing;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether we may: the tokens of both sign-ins, and for a while what Partner Center itself refused us. */
final class Access {

    /** So many customers one after the other, and none in between that let us in: it is not about them. */
    private static final int CLOSED_TO_US = 3;

    /** After so long the app alone is tried again. */
    private static final Duration AS_USER = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(Access.class);

    private final Tokens tokens;
    private final UserForApp userForApp;
    private final Duration denialMemory;
    private final LongSupplier ticker;
    private final Set<CustomerId> closedToApp = ConcurrentHashMap.newKeySet();
    private final Set<CustomerId> closedToUser = ConcurrentHashMap.newKeySet();
    private final Map<Doing, Long> asUserUntil = new ConcurrentHashMap<>();
    private volatile long permissionDeniedUntil;
    private volatile long userPermissionDeniedUntil;

    Access(Tokens tokens, UserForApp userForApp, Duration denialMemory, LongSupplier ticker) {
        this.tokens = tokens;
        this.userForApp = userForApp;
        this.denialMemory = denialMemory;
        this.ticker = ticker;
        permissionDeniedUntil = ticker.getAsLong();
        userPermissionDeniedUntil = permissionDeniedUntil;
    }

    /**
     * A kind of call, as far as it matters who may make it.
     *
     * @param word what is asked, such as {@code read} or {@code cancel}
     */
    record Doing(String word, ResourceClass resource, Missing.What aim) {

        static Doing of(String word, Target target) {
            return new Doing(word, target.resource(), target.aim());
        }

        String words() {
            return "%s of a %s".formatted(word, resource.name().toLowerCase(Locale.ROOT));
        }
    }

    /** The target with the sign-in by which it is asked: for a while the user's where the app alone was refused. */
    Target by(String word, Target target) {
        if (target.signIn() != Denial.APP_SIGN_IN) {
            return target;
        }
        Long until = asUserUntil.get(Doing.of(word, target));
        return until != null && until - ticker.getAsLong() > 0 ? target.as(Denial.USER_SIGN_IN) : target;
    }

    /**
     * What it means that the app alone is refused: {@link Denial#APP_ALONE} when this kind of call, and no other, is made
     * as the user from now on, else that it needs a user who may not stand in for the app.
     */
    Denial refusedAlone(String word, Target target, Answer answer) {
        if (!userForApp.allows(answer)) {
            return Denial.USER_SIGN_IN;
        }
        var doing = Doing.of(word, target);
        long now = ticker.getAsLong();
        Long before = asUserUntil.put(doing, now + AS_USER.toNanos());
        if (before == null) {
            log.warn(
                    "Partner Center refuses {} to the application alone: {}. It is asked for as the signed-in user from now on; everything else goes on as the application.",
                    doing.words(),
                    words(answer));
        }
        return Denial.APP_ALONE;
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
            case APP_ALONE, CUSTOMER_ACCESS -> {
                // It says nothing about the next customer, or the next kind of call.
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
            case APP_ALONE, CUSTOMER_ACCESS -> true;
        };
    }
}

package dev.offramp.partnercenter;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How both sign-ins stand; without any secret.
 *
 * @param credential by what the application proves itself, e.g. {@code a client secret}
 * @param certificateUntil the end of its certificate, when it has one
 * @param needsPerson what a person has to do, one sentence each; empty when all is well
 */
public record SignInStatus(
        String cloud,
        String tenantId,
        String clientId,
        String credential,
        @Nullable Instant certificateUntil,
        Application application,
        User user,
        List<String> needsPerson) {

    public SignInStatus {
        needsPerson = List.copyOf(needsPerson);
    }

    /**
     * The application's own sign-in.
     *
     * @param state {@code usable} or {@code refused}, as far as this node knows
     * @param refusal why it is refused
     */
    public record Application(String state, @Nullable String refusal) {}

    /**
     * A person's sign-in.
     *
     * @param state {@code none}, {@code usable}, {@code expiring} or {@code refused}
     * @param secondFactor {@code yes}, {@code no} or {@code unknown}
     * @param storedAt since when the present refresh token is stored
     * @param expiresAt when it ends unless it is used
     */
    public record User(
            String state,
            @Nullable String person,
            String secondFactor,
            @Nullable Instant storedAt,
            @Nullable Instant usedAt,
            @Nullable Instant expiresAt,
            @Nullable String refusal) {}
}

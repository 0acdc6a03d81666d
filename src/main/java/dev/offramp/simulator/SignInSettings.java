package dev.offramp.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the simulated sign-in behaves.
 *
 * @param clientId when set, requests of other applications are refused
 * @param clientSecret when set, token requests with another secret are refused
 * @param clientCertificate when set (PEM), client assertions must be signed with its key
 * @param redirectUris when there are any, a sign-in may lead to these only; else to every loopback address
 * @param refreshToken the token that a person's sign-in has left behind
 * @param refreshTokenReuse whether a refresh token that was already used still works
 * @param refreshTokenAnswered whether the answer to a refresh holds a new refresh token
 * @param multiFactor whether sign-ins use a second factor
 * @param signIn what becomes of a sign-in in the browser: approved, declined, or a page that asks
 * @param deviceCode whether the sign-in by device code is allowed
 * @param deviceSignInAfter when the person has entered the device code; nothing means when the simulator is told so
 */
record SignInSettings(
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable String clientCertificate,
        List<String> redirectUris,
        String refreshToken,
        boolean refreshTokenReuse,
        boolean refreshTokenAnswered,
        Duration refreshTokenLifetime,
        boolean multiFactor,
        Duration accessTokenLifetime,
        String signIn,
        boolean deviceCode,
        @Nullable Duration deviceSignInAfter,
        Duration deviceCodeInterval) {

    /** The refresh token with which a client can begin, unless the scenario names another. */
    static final String REFRESH_TOKEN = "simulator-refresh-token";

    static SignInSettings of(JsonNode given) {
        List<String> redirects = new ArrayList<>();
        given.path("redirectUris").forEach(uri -> redirects.add(uri.asString()));
        String entered = given.path("deviceSignInAfter").asString("0s");
        return new SignInSettings(
                given.path("clientId").asString(null),
                given.path("clientSecret").asString(null),
                given.path("clientCertificate").asString(null),
                List.copyOf(redirects),
                given.path("refreshToken").asString(REFRESH_TOKEN),
                given.path("refreshTokenReuse").asString("refused").equals("allowed"),
                given.path("refreshTokenAnswered").asBoolean(true),
                Durations.length(given.path("refreshTokenLifetime").asString("90d")),
                given.path("multiFactor").asBoolean(true),
                Durations.length(given.path("accessTokenLifetime").asString("1h")),
                given.path("signIn").asString("approved"),
                given.path("deviceCode").asString("allowed").equals("allowed"),
                entered.equals("never") ? null : Durations.length(entered),
                Durations.length(given.path("deviceCodeInterval").asString("5s")));
    }
}

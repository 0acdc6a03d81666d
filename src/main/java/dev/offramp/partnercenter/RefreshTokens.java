package dev.offramp.partnercenter;

import dev.offramp.partnercenter.Issuer.Issue;
import java.util.function.Function;

/** The one refresh token, which changes with each use. */
interface RefreshTokens {

    /**
     * Uses the token and keeps what replaces it. Of all nodes one at a time is in {@code use}; no lock and no
     * connection is held meanwhile.
     */
    Issue exchange(Function<String, Issue> use);
}

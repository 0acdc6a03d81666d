package dev.offramp.operations.access;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Knows the token of the log-in file; another bearer token may be somebody else's. */
final class LoginTokenProvider implements AuthenticationProvider {

    private final LoginToken login;

    LoginTokenProvider(LoginToken login) {
        this.login = login;
    }

    @Override
    public @Nullable Authentication authenticate(Authentication shown) {
        return login.accepts(((BearerTokenAuthenticationToken) shown).getToken())
                ? new CallerAuthentication(Caller.ofLoginFile())
                : null;
    }

    @Override
    public boolean supports(Class<?> type) {
        return BearerTokenAuthenticationToken.class.isAssignableFrom(type);
    }
}

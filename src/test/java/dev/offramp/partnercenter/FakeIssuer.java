package dev.offramp.partnercenter;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Gives out numbered tokens of our tenant, or whatever the test says. */
final class FakeIssuer implements Issuer {

    final AtomicInteger appTokens = new AtomicInteger();
    final AtomicInteger userTokens = new AtomicInteger();
    volatile Supplier<Issue> app =
            () -> new Issue.Tokens("app-" + appTokens.get(), null, Duration.ofHours(1), TestClient.TENANT.value());
    volatile Supplier<Issue> user = () -> new Issue.Tokens(
            "user-" + userTokens.get(), "rt-" + userTokens.get(), Duration.ofHours(1), TestClient.TENANT.value());

    @Override
    public Issue forApp() {
        appTokens.incrementAndGet();
        return app.get();
    }

    @Override
    public Issue forUser(String refreshToken) {
        userTokens.incrementAndGet();
        return user.get();
    }

    @Override
    public Issue forCode(Code code) {
        return user.get();
    }
}

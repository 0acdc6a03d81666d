package dev.offramp.partnercenter;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.pace.Pace;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** A client under test with its surroundings in the test's hand. */
final class TestClient {

    static final PartnerTenantId TENANT = PartnerTenantId.of("0ff0a3b1-5c1e-4d2f-8a6b-7c9d1e2f3a4b");
    static final CustomerId CUSTOMER = CustomerId.of("5921f00a-32c0-4457-aaa1-e8018c650895");
    static final SubscriptionId SUBSCRIPTION = SubscriptionId.of("6e7aa601-629e-461b-8933-0898c3cc3c7c");

    final PartnerCenter partnerCenter;
    final HandPace pace = new HandPace();
    final FakeIssuer issuer;
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    private TestClient(URI address, Duration deadline, Instant now) {
        this(address, deadline, now, new FakeIssuer());
    }

    private TestClient(URI address, Duration deadline, Instant now, FakeIssuer issuer) {
        this.issuer = issuer;
        Tokens tokens =
                new Tokens(issuer, new InMemoryRefreshTokens("rt-0"), TENANT, Duration.ofMinutes(1), System::nanoTime);
        partnerCenter = client(address, deadline, now, tokens, pace);
    }

    static TestClient of(URI address) {
        return new TestClient(address, Duration.ofSeconds(10), Instant.parse("2026-11-20T10:00:00Z"));
    }

    static TestClient of(URI address, Instant now) {
        return new TestClient(address, Duration.ofSeconds(10), now);
    }

    static TestClient withDeadline(URI address, Duration deadline) {
        return new TestClient(address, deadline, Instant.parse("2026-11-20T10:00:00Z"));
    }

    private PartnerCenter client(URI address, Duration deadline, Instant now, Tokens tokens, Pace pace) {
        Access access = new Access(tokens, UserForApp.DOCUMENTED, Duration.ofMinutes(1), System::nanoTime);
        Wire wire = new Wire(Duration.ofSeconds(2), deadline);
        InstantSource clock = InstantSource.fixed(now);
        Repeats repeats = new Repeats(3, Duration.ofMillis(100), Duration.ofSeconds(10), pauses::add);
        return new RestPartnerCenter(
                new Reading(address, wire, access, pace, clock, repeats),
                new Sending(address, wire, access, pace, clock, System::nanoTime),
                access);
    }

    /** Against the simulator, which gives out the tokens too. */
    static PartnerCenter signedInAt(URI address, PartnerTenantId tenant, String refreshToken) {
        return signedInAt(address, tenant, refreshToken, InstantSource.system(), new HandPace());
    }

    static PartnerCenter signedInAt(
            URI address, PartnerTenantId tenant, String refreshToken, InstantSource clock, Pace pace) {
        return signedInAt(address, tenant, refreshToken, clock, pace, UserForApp.DOCUMENTED);
    }

    static PartnerCenter signedInAt(
            URI address,
            PartnerTenantId tenant,
            String refreshToken,
            InstantSource clock,
            Pace pace,
            UserForApp userForApp) {
        Issuer issuer = new MsalIssuer(
                new MsalIssuer.Account(tenant, "app", "secret", "https://api.partnercenter.microsoft.com"),
                address,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
        Tokens tokens = new Tokens(
                issuer, new InMemoryRefreshTokens(refreshToken), tenant, Duration.ofMinutes(1), System::nanoTime);
        Access access = new Access(tokens, userForApp, Duration.ofMinutes(1), System::nanoTime);
        Wire wire = new Wire(Duration.ofSeconds(2), Duration.ofSeconds(10));
        Repeats repeats = new Repeats(0, Duration.ofMillis(1), Duration.ofSeconds(10), time -> {});
        return new RestPartnerCenter(
                new Reading(address, wire, access, pace, clock, repeats),
                new Sending(address, wire, access, pace, clock, System::nanoTime),
                access);
    }

    /** Sends the cancellation of {@link #SUBSCRIPTION} as if it had just been read. */
    Call cancel() {
        return partnerCenter.changeSubscription(
                permitToCancel(CUSTOMER, SUBSCRIPTION),
                Resources.subscription(Fixtures.marketplaceSubscription("active"))
                        .orElseThrow());
    }

    static Permit permitToCancel(CustomerId customer, SubscriptionId subscription) {
        return new Permit(
                Operation.CANCEL_SUBSCRIPTION,
                customer,
                new Step.ChangeSubscription(subscription, Change.CANCEL, true),
                UUID.randomUUID(),
                UUID.randomUUID(),
                System.nanoTime() + Duration.ofSeconds(30).toNanos());
    }

    static Permit permit(Operation operation, Step step) {
        return new Permit(
                operation,
                CUSTOMER,
                step,
                UUID.randomUUID(),
                UUID.randomUUID(),
                System.nanoTime() + Duration.ofSeconds(30).toNanos());
    }

    static Permit permitToUnlink(CustomerId customer) {
        return new Permit(
                Operation.REMOVE_RESELLER_RELATIONSHIP,
                customer,
                new Step.RemoveRelationship(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                System.nanoTime() + Duration.ofSeconds(30).toNanos());
    }

    /** One refresh token in memory, replaced by what comes back. */
    static final class InMemoryRefreshTokens implements RefreshTokens {
        private String token;

        InMemoryRefreshTokens(String token) {
            this.token = token;
        }

        @Override
        public Issuer.Issue exchange(Function<String, Issuer.Issue> use) {
            Issuer.Issue issue = use.apply(token);
            if (issue instanceof Issuer.Issue.Tokens tokens && tokens.rotated() != null) {
                token = tokens.rotated();
            }
            return issue;
        }
    }
}

package dev.offramp.partnercenter;

import dev.offramp.partnercenter.Claims.SecondFactor;
import dev.offramp.partnercenter.Issuer.Issue;
import dev.offramp.partnercenter.JdbcRefreshTokens.Kept;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The two sign-ins as people see them: how they stand, and signing in anew.
 *
 * <p>The service redeems what a person's sign-in brings, not the command that began it: redeeming needs the app
 * registration's secret or certificate, which only the service has, and the refresh token that comes for it then never
 * leaves the service at all. The command keeps what binds the code to the one who asked for it (state and PKCE verifier),
 * so that no node has to remember who has begun what, and a code that is stolen on its way is of no use.
 */
public final class SignIns {

    private static final String DEVICE = "device-code";

    private final MsalIssuer.Account account;
    private final Issuer issuer;
    private final DeviceLogin devices;
    private final JdbcRefreshTokens refreshTokens;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Seal seal;
    private final Terms terms;

    /**
     * How long a refresh token is good, and when that is told.
     *
     * @param lifetime how long without being used
     * @param alarm how long before its end a person is told
     */
    record Terms(Cloud cloud, URI authority, Duration lifetime, Duration alarm) {}

    SignIns(
            MsalIssuer.Account account,
            Issuer issuer,
            DeviceLogin devices,
            JdbcRefreshTokens refreshTokens,
            Tokens tokens,
            InstantSource clock,
            Seal seal,
            Terms terms) {
        this.account = account;
        this.issuer = issuer;
        this.devices = devices;
        this.refreshTokens = refreshTokens;
        this.tokens = tokens;
        this.clock = clock;
        this.seal = seal;
        this.terms = terms;
    }

    /** What became of a person's sign-in. */
    public sealed interface Offer {

        /** Good, and not stored yet; it never prints. */
        final class Good implements Offer {

            private final String refreshToken;
            private final @Nullable String handedOver;
            private final Claims claims;

            private Good(String refreshToken, @Nullable String handedOver, Claims claims) {
                this.refreshToken = refreshToken;
                this.handedOver = handedOver;
                this.claims = claims;
            }

            /** Who has signed in, and whether with a second factor; for the audit trail. */
            public String words() {
                return "%s, second factor: %s"
                        .formatted(
                                Objects.requireNonNullElse(claims.person(), "a person who is not named"),
                                claims.secondFactor().word());
            }

            @Override
            public String toString() {
                return "Good[not shown]";
            }
        }

        /** Not yet decided: ask again after a while. */
        record Pending(boolean slower) implements Offer {}

        /** It cannot be taken: a sentence that says what to do. */
        record Refused(String sentence) implements Offer {}

        /** The authority did not answer; nothing was changed. */
        record Unanswered(String sentence) implements Offer {}
    }

    /** Whether a sign-in on another device has begun. */
    public sealed interface Beginning {}

    /** It has not. */
    public record NotBegun(Offer why) implements Beginning {}

    /**
     * It has: a person types the user's code there.
     *
     * @param deviceCode sealed, so that it is of use to this service only; it never prints all the same
     */
    public record Device(String userCode, URI address, String deviceCode, Duration every, Duration goodFor)
            implements Beginning {

        @Override
        public String toString() {
            return "Device[%s at %s]".formatted(userCode, address);
        }
    }

    /**
     * Where a person signs in with the browser.
     *
     * @param redirect where the browser is sent afterwards
     * @param state comes back with it
     * @param challenge the SHA-256 of the verifier, in Base64 for addresses
     */
    public URI address(URI redirect, String state, String challenge) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", account.clientId());
        query.put("response_type", "code");
        query.put("redirect_uri", redirect.toString());
        query.put("response_mode", "query");
        query.put("scope", String.join(" ", account.userScope(), "offline_access", "openid", "profile"));
        query.put("state", state);
        query.put("code_challenge", challenge);
        query.put("code_challenge_method", "S256");
        query.put("prompt", "select_account");
        return URI.create("%s/%s/oauth2/v2.0/authorize?%s"
                .formatted(
                        terms.authority().toString().replaceAll("/+$", ""),
                        account.tenant(),
                        query.entrySet().stream()
                                .map(each -> each.getKey() + "="
                                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8)
                                                .replace("+", "%20"))
                                .collect(Collectors.joining("&"))));
    }

    /** Whether there is an app registration to sign in to. */
    public Optional<String> refusalToBegin() {
        return account.credential() == null || account.clientId().isBlank()
                ? Optional.of(
                        "There is no app registration to sign in with; set offramp.partner-center.client-id and client-secret or certificate, and start the service again.")
                : Optional.empty();
    }

    /** Redeems what the browser brought. */
    public Offer redeem(String code, URI redirect, String verifier) {
        return judged(issuer.forCode(new Issuer.Code(code, redirect, verifier)), null);
    }

    /** Begins a sign-in on another device, where the directory allows it. */
    public Beginning beginOnDevice() {
        return switch (devices.begin()) {
            case DeviceLogin.Beginning.Begun(var userCode, var address, var deviceCode, var every, var goodFor) ->
                new Device(userCode, address, sealed(deviceCode), every, goodFor);
            case DeviceLogin.Beginning.Not(var why) -> new NotBegun(judged(why, null));
        };
    }

    /** Whether the person has signed in on the other device. */
    public Offer redeemDevice(String deviceCode) {
        String opened = opened(deviceCode);
        if (opened == null) {
            return new Offer.Refused(
                    "This is no device code of this service; begin again: bin/offramp login --device-code.");
        }
        return switch (devices.ask(opened)) {
            case DeviceLogin.Answer.Pending(boolean slower) -> new Offer.Pending(slower);
            case DeviceLogin.Answer.Decided(var issue) -> judged(issue, null);
        };
    }

    private String sealed(String deviceCode) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(seal.close(DEVICE, deviceCode));
    }

    private @Nullable String opened(String deviceCode) {
        try {
            return seal.open(DEVICE, Base64.getUrlDecoder().decode(deviceCode));
        } catch (IllegalArgumentException | Seal.BrokenSeal e) {
            return null;
        }
    }

    /** Looks whether a refresh token that somebody has is good, by using it. */
    public Offer handedOver(String refreshToken) {
        if (refreshTokens.wasImported(refreshToken)) {
            return new Offer.Refused(
                    "This token was handed over before, and what has replaced it since is in use; nothing was changed. Sign in anew when that does not work: bin/offramp login.");
        }
        return judged(issuer.forUser(refreshToken), refreshToken);
    }

    private Offer judged(Issue issue, @Nullable String handedOver) {
        return switch (issue) {
            case Issue.Tokens got -> judged(got, handedOver);
            case Issue.Refusal refusal ->
                new Offer.Refused("Microsoft Entra refuses this sign-in: %s.".formatted(refusal.words()));
            case Issue.Silence silence ->
                new Offer.Unanswered("Microsoft Entra gave no answer that could be used (%s); nothing was changed."
                        .formatted(silence.words()));
        };
    }

    private Offer judged(Issue.Tokens got, @Nullable String handedOver) {
        if (!tokens.isOurs(got.tenant())) {
            return new Offer.Refused(
                    "This sign-in belongs to tenant %s, but offramp.partner-center.tenant-id is %s; nothing was changed. Sign in with an account of the partner's own tenant."
                            .formatted(Objects.requireNonNullElse(got.tenant(), "(none named)"), account.tenant()));
        }
        String refreshToken = got.rotated() == null || got.rotated().isBlank() ? handedOver : got.rotated();
        if (refreshToken == null) {
            return new Offer.Refused(
                    "Microsoft Entra gave no refresh token for this sign-in; give the app registration the permission offline_access, then sign in again.");
        }
        if (got.claims().secondFactor() == SecondFactor.NO && isBetter(refreshTokens.kept())) {
            return new Offer.Refused(
                    "This sign-in had no second factor, which Partner Center demands, and the one that is stored had; nothing was changed. Sign in with a second factor.");
        }
        return new Offer.Good(refreshToken, handedOver, got.claims());
    }

    private boolean isBetter(Kept kept) {
        return kept.hasToken() && kept.refusal() == null && kept.secondFactor() == SecondFactor.YES;
    }

    /**
     * Stores it in the place of what was stored, in the caller's transaction.
     *
     * @return false when it was stored meanwhile by somebody else
     */
    public boolean keep(Offer.Good good) {
        return refreshTokens.store(good.refreshToken, good.claims, clock.instant(), good.handedOver);
    }

    /** This node uses the new sign-in at once; others after the time for which they remember a refusal. */
    public void useAnew() {
        tokens.of(Denial.USER_SIGN_IN).renew();
    }

    public SignInStatus status() {
        return status(refreshTokens.kept(), clock.instant());
    }

    SignInStatus status(Kept kept, Instant now) {
        Credential credential = account.credential();
        return new SignInStatus(
                terms.cloud().word(),
                account.tenant().value(),
                account.clientId(),
                credential == null ? "none" : credential.words(),
                certificateUntil(),
                application(),
                user(kept, now),
                needsPerson(kept, now));
    }

    private @Nullable Instant certificateUntil() {
        return account.credential() instanceof Credential.Certificate certificate
                ? certificate.own().getNotAfter().toInstant()
                : null;
    }

    private SignInStatus.Application application() {
        return tokens.of(Denial.APP_SIGN_IN)
                .refusal()
                .map(why -> new SignInStatus.Application("refused", why.words()))
                .orElseGet(() -> new SignInStatus.Application("usable", null));
    }

    private SignInStatus.User user(Kept kept, Instant now) {
        String refusal = refusal(kept);
        Instant end = end(kept);
        String state =
                !kept.hasToken() ? "none" : refusal != null ? "refused" : isExpiring(end, now) ? "expiring" : "usable";
        return new SignInStatus.User(
                state,
                kept.person(),
                kept.secondFactor().word(),
                kept.storedAt(),
                kept.usedAt(),
                end,
                kept.hasToken() ? refusal : null);
    }

    /** What the authority has said to any node, or to this one Partner Center itself. */
    private @Nullable String refusal(Kept kept) {
        return kept.refusal() != null
                ? kept.refusal()
                : tokens.of(Denial.USER_SIGN_IN)
                        .refusal()
                        .map(SignIn.Refused::words)
                        .orElse(null);
    }

    @Nullable
    Instant end(Kept kept) {
        Instant stored = kept.storedAt();
        return !kept.hasToken() || stored == null ? null : stored.plus(terms.lifetime());
    }

    private boolean isExpiring(@Nullable Instant end, Instant now) {
        return end != null && !now.isBefore(end.minus(terms.alarm()));
    }

    List<String> needsPerson(Kept kept, Instant now) {
        List<String> sentences = new ArrayList<>();
        tokens.of(Denial.APP_SIGN_IN)
                .refusal()
                .ifPresent(why -> sentences.add(
                        "Partner Center cannot be signed in to as the application: %s.".formatted(why.words())));
        Instant certificate = certificateUntil();
        if (isExpiring(certificate, now)) {
            sentences.add(
                    "The certificate of offramp.partner-center.certificate ends at %s; put a new one in its place."
                            .formatted(certificate));
        }
        aboutUser(kept, now, sentences);
        return sentences;
    }

    private void aboutUser(Kept kept, Instant now, List<String> sentences) {
        String refusal = refusal(kept);
        Instant end = end(kept);
        if (refusal != null) {
            sentences.add("Partner Center cannot be signed in to as the user: %s.".formatted(refusal));
        } else if (isExpiring(end, now)) {
            sentences.add(
                    "The sign-in of %s ends at %s because it could not be renewed; sign in again: bin/offramp login."
                            .formatted(name(kept), end));
        }
        if (kept.secondFactor() == SecondFactor.NO) {
            sentences.add(
                    "The sign-in of %s had no second factor, which Partner Center demands for unlinks; sign in again with one: bin/offramp login."
                            .formatted(name(kept)));
        }
    }

    private static String name(Kept kept) {
        return Objects.requireNonNullElse(kept.person(), "the user");
    }
}

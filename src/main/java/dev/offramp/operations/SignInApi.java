package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.partnercenter.SignInStatus;
import dev.offramp.partnercenter.SignIns;
import dev.offramp.partnercenter.SignIns.Device;
import dev.offramp.partnercenter.SignIns.NotBegun;
import dev.offramp.partnercenter.SignIns.Offer;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The sign-ins to Partner Center: how they stand, and a person's signing in anew. No answer holds a token of it. */
@RestController
@RequestMapping("/api/v1/sign-in")
class SignInApi {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern UNGUESSABLE = Pattern.compile("[A-Za-z0-9._~-]{20,200}");
    private static final int LONGEST = 20_000;

    private final SignIns signIns;
    private final SignInChanges changes;

    SignInApi(SignIns signIns, SignInChanges changes) {
        this.signIns = signIns;
        this.changes = changes;
    }

    /**
     * What the browser is to be sent to.
     *
     * @param redirectUri where the browser comes back to, on the machine of whoever asks
     * @param state comes back with it, so that the asker knows its own question
     * @param codeChallenge of PKCE, by SHA-256
     */
    record BrowserBody(
            @Nullable String redirectUri,
            @Nullable String state,
            @Nullable String codeChallenge) {}

    /** Where a person signs in. */
    record AddressView(URI address) {}

    /** What the browser has brought. */
    record CodeBody(
            @Nullable String code,
            @Nullable String redirectUri,
            @Nullable String codeVerifier,
            @Nullable String reason,
            @Nullable String by) {

        /** Without the code: it is a secret. */
        @Override
        public String toString() {
            return "CodeBody[…]";
        }
    }

    /** A sign-in on another device that has begun. */
    record DeviceView(String userCode, URI address, String deviceCode, long intervalSeconds, long goodForSeconds) {

        /** Without the device's code: it is a secret. */
        @Override
        public String toString() {
            return "DeviceView[…]";
        }
    }

    /** Which sign-in on another device is asked for. */
    record DeviceBody(
            @Nullable String deviceCode,
            @Nullable String reason,
            @Nullable String by) {

        /** Without the device's code: it is a secret. */
        @Override
        public String toString() {
            return "DeviceBody[…]";
        }
    }

    /** How far a sign-in on another device is: {@code pending}, with how much longer to wait, or {@code done}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProgressView(
            String state, boolean slower, @Nullable SignInStatus signIn) {}

    /** A refresh token that somebody has. */
    record TokenBody(
            @Nullable String refreshToken,
            @Nullable String reason,
            @Nullable String by) {

        /** Without the token: it is a secret. */
        @Override
        public String toString() {
            return "TokenBody[…]";
        }
    }

    @GetMapping
    SignInStatus show() {
        return signIns.status();
    }

    @PostMapping("/browser")
    AddressView begin(@RequestBody BrowserBody body) {
        mayBegin();
        return new AddressView(signIns.address(
                loopback(body.redirectUri()),
                unguessable(body.state(), "state"),
                unguessable(body.codeChallenge(), "codeChallenge")));
    }

    @PostMapping("/code")
    SignInStatus redeem(@RequestBody CodeBody body) {
        mayBegin();
        var change = new Change(body.reason(), body.by());
        change.cause();
        return kept(
                signIns.redeem(
                        secret(body.code(), "code"),
                        loopback(body.redirectUri()),
                        unguessable(body.codeVerifier(), "codeVerifier")),
                "with the browser",
                change);
    }

    @PostMapping("/device")
    DeviceView beginOnDevice() {
        mayBegin();
        return switch (signIns.beginOnDevice()) {
            case Device begun ->
                new DeviceView(
                        begun.userCode(),
                        begun.address(),
                        begun.deviceCode(),
                        begun.every().toSeconds(),
                        begun.goodFor().toSeconds());
            case NotBegun(Offer why) -> throw refusal(why);
        };
    }

    @PostMapping("/device/code")
    ProgressView redeemDevice(@RequestBody DeviceBody body) {
        mayBegin();
        var change = new Change(body.reason(), body.by());
        change.cause();
        Offer offer = signIns.redeemDevice(secret(body.deviceCode(), "deviceCode"));
        return offer instanceof Offer.Pending pending
                ? new ProgressView("pending", pending.slower(), null)
                : new ProgressView("done", false, kept(offer, "with a device code", change));
    }

    @PostMapping("/token")
    SignInStatus take(@RequestBody TokenBody body) {
        mayBegin();
        var change = new Change(body.reason(), body.by());
        change.cause();
        return kept(signIns.handedOver(secret(body.refreshToken(), "refreshToken")), "by a token handed over", change);
    }

    private SignInStatus kept(Offer offer, String way, Change change) {
        if (offer instanceof Offer.Good good) {
            return changes.keep(good, way, change);
        }
        throw refusal(offer);
    }

    private static Problem refusal(Offer offer) {
        return switch (offer) {
            case Offer.Refused(String sentence) -> Problem.conflict(sentence, Map.of());
            case Offer.Unanswered(String sentence) -> Problem.conflict(sentence, Map.of("again", true));
            case Offer.Pending _, Offer.Good _ -> throw new IllegalStateException("This was no refusal.");
        };
    }

    private void mayBegin() {
        signIns.refusalToBegin().ifPresent(sentence -> {
            throw Problem.conflict(sentence, Map.of());
        });
    }

    /** The code goes where this says: nowhere but to the machine of whoever asks. */
    private static URI loopback(@Nullable String address) {
        try {
            URI read = URI.create(address == null ? "" : address);
            if ("http".equals(read.getScheme()) && read.getHost() != null && LOOPBACK.contains(read.getHost())) {
                return read;
            }
        } catch (IllegalArgumentException e) {
            // The sentence below says it.
        }
        throw Problem.badRequest(
                "redirectUri must be an address of the asker's own machine, e.g. http://localhost:49152.");
    }

    private static String unguessable(@Nullable String text, String name) {
        if (text == null || !UNGUESSABLE.matcher(text).matches()) {
            throw Problem.badRequest(
                    "%s has 20 to 200 of the characters A-Z a-z 0-9 - . _ ~, chosen at random.".formatted(name));
        }
        return text;
    }

    private static String secret(@Nullable String text, String name) {
        if (text == null || text.isBlank() || text.length() > LONGEST) {
            throw Problem.badRequest("Say in the member '%s' what the sign-in has brought.".formatted(name));
        }
        return text.strip();
    }
}

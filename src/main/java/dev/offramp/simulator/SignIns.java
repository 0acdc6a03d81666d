package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sign-ins of a person that are under way: codes on their way through a browser, and codes to be entered on a device. */
final class SignIns {

    static final Duration CODE_LIFETIME = Duration.ofMinutes(10);
    static final Duration DEVICE_CODE_LIFETIME = Duration.ofMinutes(15);

    private final SignInSettings settings;
    private final Map<String, Code> codes = new HashMap<>();
    private final Map<String, Device> devices = new HashMap<>();
    private int count;

    SignIns(SignInSettings settings) {
        this.settings = settings;
    }

    /** A person has signed in; the code goes back to the application by way of the browser. */
    synchronized String code(
            String client,
            String redirectUri,
            @Nullable String challenge,
            boolean hashed,
            boolean multiFactor,
            Instant now) {
        String code = "0.code." + Scenario.derived("code " + ++count + " " + now);
        codes.put(code, new Code(client, redirectUri, challenge, hashed, multiFactor, now.plus(CODE_LIFETIME), false));
        return code;
    }

    /** The code, which is used up by asking for it; asked for a second time, it says so. */
    synchronized Optional<Code> redeem(String code) {
        Code found = codes.get(code);
        if (found != null) {
            codes.put(code, found.redeemed());
        }
        return Optional.ofNullable(found);
    }

    synchronized Device device(String client, Instant now) {
        String derived = Scenario.derived("device " + ++count + " " + now);
        String userCode = derived.replace("-", "").substring(0, 9).toUpperCase(Locale.ROOT);
        Device device = new Device("device." + derived, userCode, client, now, settings.multiFactor());
        devices.put(device.code, device);
        return device;
    }

    synchronized Optional<Device> device(String deviceCode) {
        return Optional.ofNullable(devices.get(deviceCode));
    }

    /** Says what a person did with the codes that wait. */
    synchronized int decide(Decision decision) {
        devices.values().forEach(device -> device.decision = decision);
        return devices.size();
    }

    synchronized void forget(Device device) {
        devices.remove(device.code);
    }

    /** What a person did with a device code. */
    enum Decision {
        OPEN,
        APPROVED,
        DECLINED
    }

    /** A code that came back through the browser, and what it is bound to. */
    record Code(
            String client,
            String redirectUri,
            @Nullable String challenge,
            boolean hashed,
            boolean multiFactor,
            Instant expires,
            boolean used) {

        private Code redeemed() {
            return new Code(client, redirectUri, challenge, hashed, multiFactor, expires, true);
        }
    }

    /** A sign-in that waits for somebody to enter a code elsewhere. */
    final class Device {

        private final String code;
        private final String userCode;
        private final String client;
        private final Instant begun;
        private final boolean multiFactor;
        private Decision decision = Decision.OPEN;
        private @Nullable Instant asked;

        private Device(String code, String userCode, String client, Instant begun, boolean multiFactor) {
            this.code = code;
            this.userCode = userCode;
            this.client = client;
            this.begun = begun;
            this.multiFactor = multiFactor;
        }

        String code() {
            return code;
        }

        String userCode() {
            return userCode;
        }

        String client() {
            return client;
        }

        boolean multiFactor() {
            return multiFactor;
        }

        boolean isOver(Instant now) {
            return !now.isBefore(begun.plus(DEVICE_CODE_LIFETIME));
        }

        /** What has been decided by now. */
        Decision decision(Instant now) {
            Duration after = settings.deviceSignInAfter();
            return decision == Decision.OPEN && after != null && !now.isBefore(begun.plus(after))
                    ? Decision.APPROVED
                    : decision;
        }

        /** Whether the application asks again before the interval that it was told has passed. */
        boolean asksTooSoon(Instant now) {
            boolean soon = asked != null && now.isBefore(asked.plus(settings.deviceCodeInterval()));
            asked = now;
            return soon;
        }
    }
}

package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A subscription as it is, with the dates to which the server keeps. */
final class HeldSubscription {

    private final SubscriptionSeed seed;
    private final Versions versions;
    private final List<HeldAzureSubscription> azure;
    private Instant windowEnds;
    private Instant since;
    private @Nullable Instant acceptedUntil;
    private @Nullable Instant etagRead;
    private @Nullable Instant due;

    HeldSubscription(String customerId, SubscriptionSeed seed, SubscriptionBodies bodies) {
        this.seed = seed;
        versions = new Versions(() -> bodies.subscription(customerId, seed));
        windowEnds = bodies.windowEnds(seed);
        since = bodies.start();
        azure = seed.azure().isEmpty()
                ? List.of()
                : new ArrayList<>(seed.azure().stream()
                        .map(each -> new HeldAzureSubscription(customerId, seed.id(), each))
                        .toList());
    }

    String id() {
        return seed.id();
    }

    Kind kind() {
        return seed.kind();
    }

    String orderId() {
        return seed.orderId();
    }

    Versions versions() {
        return versions;
    }

    ObjectNode body() {
        return versions.current();
    }

    String status() {
        return versions.isUnchanged() && !seed.members().has("status")
                ? seed.given().path("status").asString("active")
                : body().path("status").asString("");
    }

    List<HeldAzureSubscription> azure() {
        return Collections.unmodifiableList(azure);
    }

    /** The date up to which a cancel is accepted. */
    Instant windowEnds() {
        return windowEnds;
    }

    void windowEnds(Instant next) {
        windowEnds = next;
    }

    /** Since when it has been in its status. */
    Instant since() {
        return since;
    }

    void since(Instant instant) {
        since = instant;
        due = null;
    }

    /** When time alone will change it next; nothing when that has still to be found out. */
    @Nullable
    Instant due() {
        return due;
    }

    void due(Instant instant) {
        due = instant;
    }

    /** Whether a change that was answered 202 is still being carried out. */
    boolean isBusy(Instant now) {
        return acceptedUntil != null && now.isBefore(acceptedUntil);
    }

    void busyUntil(Instant instant) {
        acceptedUntil = instant;
    }

    /** Remembers when its etag was last shown. */
    void etagRead(Instant now) {
        etagRead = now;
    }

    @Nullable
    Instant etagRead() {
        return etagRead;
    }
}

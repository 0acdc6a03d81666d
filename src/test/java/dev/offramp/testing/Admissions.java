package dev.offramp.testing;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Admissions in words: {@code cancel().of(customer("a")).from("/contoso/billing").build()}. What is not said has a
 * usual value; every admission has an id and a subscription of its own unless one is given.
 */
public final class Admissions {

    /** When everything in a test begins. */
    public static final Instant START = Instant.parse("2026-11-20T08:15:30Z");

    /** The partner's own tenant. */
    public static final PartnerTenantId PARTNER = PartnerTenantId.of("1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Operation operation;
    private String source = "/contoso/billing";
    private String id = "request-" + NUMBER.incrementAndGet();
    private CustomerId customer = customer("contoso");
    private @Nullable SubscriptionId subscription;
    private @Nullable OrderTarget order;
    private @Nullable String withdrawsId;
    private @Nullable Instant notBefore;
    private Instant notAfter = START.plus(Duration.ofDays(30));
    private Expectation expect = Expectation.NONE;
    private Terms.IfWindowClosed ifWindowClosed = Terms.IfWindowClosed.REJECT;
    private Terms.OnActiveSubscriptions onActiveSubscriptions = Terms.OnActiveSubscriptions.FAIL;
    private Terms.OnActiveAzureSubscriptions onActiveAzureSubscriptions = Terms.OnActiveAzureSubscriptions.FAIL;
    private boolean planOnly;
    private Mode mode = Mode.LIVE;
    private @Nullable String group;
    private Admission.@Nullable Place place;
    private String job = Admission.OTHER_JOB;
    private @Nullable Long resubmits;
    private @Nullable Long plan;
    private Admission.@Nullable Line line;

    private Admissions(Operation operation) {
        this.operation = operation;
    }

    public static Admissions cancel() {
        var cancel = new Admissions(Operation.CANCEL_SUBSCRIPTION);
        cancel.subscription = subscription(cancel.id);
        return cancel;
    }

    /** One of the operations that change a subscription. */
    public static Admissions change(Operation operation) {
        var change = new Admissions(operation);
        change.subscription = subscription(change.id);
        return change;
    }

    public static Admissions unlink() {
        var unlink = new Admissions(Operation.REMOVE_RESELLER_RELATIONSHIP);
        unlink.expect = new Expectation(null, null, "contoso.example", null);
        return unlink;
    }

    /** Takes back the request of the same source with this id. */
    public static Admissions withdraw(String targetId) {
        var withdraw = new Admissions(Operation.WITHDRAW);
        withdraw.withdrawsId = targetId;
        return withdraw;
    }

    /** The same name is always the same customer. */
    public static CustomerId customer(String name) {
        return CustomerId.of(guid("customer " + name));
    }

    /** The same name is always the same subscription. */
    public static SubscriptionId subscription(String name) {
        return SubscriptionId.of(guid("subscription " + name));
    }

    private static String guid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
    }

    public Admissions of(CustomerId which) {
        customer = which;
        return this;
    }

    public Admissions of(CustomerId which, SubscriptionId what) {
        customer = which;
        subscription = what;
        return this;
    }

    /** Names an order, or a line of it, instead of a subscription. */
    public Admissions ofOrder(CustomerId which, String id, @Nullable Integer line) {
        customer = which;
        subscription = null;
        order = new OrderTarget(id, line);
        return this;
    }

    public Admissions from(String where) {
        source = where;
        return this;
    }

    public Admissions as(String name) {
        id = name;
        return this;
    }

    public Admissions notBefore(Instant time) {
        notBefore = time;
        return this;
    }

    public Admissions notAfter(Instant time) {
        notAfter = time;
        return this;
    }

    public Admissions expecting(Expectation what) {
        expect = what;
        return this;
    }

    public Admissions ifWindowClosed(Terms.IfWindowClosed what) {
        ifWindowClosed = what;
        return this;
    }

    public Admissions onActiveSubscriptions(Terms.OnActiveSubscriptions what) {
        onActiveSubscriptions = what;
        return this;
    }

    public Admissions onActiveAzureSubscriptions(Terms.OnActiveAzureSubscriptions what) {
        onActiveAzureSubscriptions = what;
        return this;
    }

    public Admissions planOnly() {
        planOnly = true;
        return this;
    }

    public Admissions observed() {
        mode = Mode.OBSERVE;
        return this;
    }

    public Admissions inGroup(String name) {
        group = name;
        return this;
    }

    public Admissions readAt(String topic, int partition, long offset) {
        place = new Admission.Place(topic, partition, offset);
        return this;
    }

    public Admissions byJob(String name) {
        job = name;
        return this;
    }

    /** A line of a run that is there. */
    public Admissions inRun(long run, long number) {
        line = new Admission.Line(run, number);
        return this;
    }

    public Admissions ofPlan(long number) {
        plan = number;
        return this;
    }

    public Admissions resubmitting(long number) {
        resubmits = number;
        return this;
    }

    public Admission build() {
        return new Admission(
                new RequestKey(source, id),
                "%064x".formatted(id.hashCode() & 0xffffffffL),
                operation,
                PARTNER,
                customer,
                subscription,
                order,
                withdrawsId,
                new Terms(
                        planOnly,
                        notBefore,
                        notAfter,
                        ifWindowClosed,
                        onActiveSubscriptions,
                        onActiveAzureSubscriptions,
                        expect),
                mode,
                group,
                "CRM-99123",
                "jane.doe@contoso.example",
                "The contract was terminated",
                "contract-4711-termination",
                null,
                START,
                place,
                line,
                job,
                resubmits,
                plan);
    }
}

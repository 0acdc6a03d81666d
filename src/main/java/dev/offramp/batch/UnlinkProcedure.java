package dev.offramp.batch;

import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Customers;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SuspendedNewCommerce;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.offboarding.UnlinkRules;
import dev.offramp.offboarding.Verdict;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** {@code remove-reseller-relationship}: read everything that may stand in the way, patch, and believe only a read. */
final class UnlinkProcedure implements Procedure {

    private final PartnerCenter partnerCenter;
    private final TargetReads reads;
    private final Customers customers;
    private final Weather weather;
    private final InstantSource clock;
    private final SuspendedNewCommerce suspendedNewCommerce;

    UnlinkProcedure(
            PartnerCenter partnerCenter,
            TargetReads reads,
            Customers customers,
            Weather weather,
            InstantSource clock,
            SuspendedNewCommerce suspendedNewCommerce) {
        this.partnerCenter = partnerCenter;
        this.reads = reads;
        this.customers = customers;
        this.weather = weather;
        this.clock = clock;
        this.suspendedNewCommerce = suspendedNewCommerce;
    }

    @Override
    public List<ResourceClass> reads(Beside beside) {
        return List.of(ResourceClass.CUSTOMER, ResourceClass.SUBSCRIPTION, ResourceClass.ENTITLEMENT);
    }

    @Override
    public List<ResourceClass> writes(Request request, Beside beside) {
        return request.terms().onActiveSubscriptions() == OnActiveSubscriptions.FAIL
                ? List.of(ResourceClass.CUSTOMER)
                : List.of(ResourceClass.SUBSCRIPTION, ResourceClass.CUSTOMER);
    }

    @Override
    public Reading read(Request request, List<Try> tries, Beside beside) {
        Instant readAt = clock.instant();
        Read<Customer> customer = partnerCenter.customer(request.customerId());
        if (!(customer instanceof Read.Found<Customer>(Customer ours))) {
            return notFound(request, tries, readAt, customer);
        }
        weather.note(customer);
        if (!ours.isUnlinked()) {
            customers.seenAsOurs(request.customerId(), nameOf(ours), readAt);
        }
        Read<ResourceList<Subscription>> subscriptions = partnerCenter.subscriptions(request.customerId());
        if (!(subscriptions instanceof Read.Found<ResourceList<Subscription>>(var listed))) {
            return notFound(request, tries, readAt, subscriptions);
        }
        Read<ResourceList<Entitlement>> entitlements = partnerCenter.entitlements(request.customerId());
        if (!(entitlements instanceof Read.Found<ResourceList<Entitlement>>(var entitled))) {
            return notFound(request, tries, readAt, entitlements);
        }
        return Reading.Known.of(new Facts.OfCustomer(
                readAt,
                ours,
                listed.items(),
                entitled.items(),
                listed.complete() && entitled.complete(),
                ours.isUnlinked() ? evidence(request, tries) : ""));
    }

    private <T> Reading notFound(Request request, List<Try> tries, Instant readAt, Read<T> read) {
        if (read instanceof Read.Missing<T> missing) {
            weather.note(read);
            return Reading.Known.of(notOurs(request, tries, readAt, missing.answer()));
        }
        return reads.notFound(readAt, read, answer -> notOurs(request, tries, readAt, answer));
    }

    private Facts notOurs(Request request, List<Try> tries, Instant readAt, Answer answer) {
        return new Facts.NotOurCustomer(readAt, answer.words(), evidence(request, tries));
    }

    /** What shows that the customer was ours: only with it may "not ours" be told as done. */
    private String evidence(Request request, List<Try> tries) {
        boolean accepted = tries.stream()
                .filter(each -> each.step().equals(Step.UNLINK))
                .anyMatch(each -> each.reply() != null
                        && (each.reply().kind() == ReplyKind.DONE
                                || each.reply().kind() == ReplyKind.ACCEPTED));
        if (accepted) {
            return "Partner Center accepted our own call.";
        }
        return customers
                .lastSeenAsOurs(request.customerId())
                .map(seen -> "The customer was read as ours at " + seen + ".")
                .orElse("");
    }

    @Override
    public Verdict decide(Request request, StepsDone done, Facts facts, Instant now) {
        return UnlinkRules.decide(
                request.customerId(), request.terms(), request.released(), done, suspendedNewCommerce, facts, now);
    }

    @Override
    public boolean achieves(Step step) {
        return step instanceof Step.RemoveRelationship;
    }

    @Override
    public boolean endsWith(Step step) {
        return achieves(step);
    }

    @Override
    public Effect effect() {
        return Effect.UNLINKED;
    }

    @Override
    public Denial signIn() {
        return Denial.USER_SIGN_IN;
    }

    @Override
    public String doneSentence(Request request) {
        return "The reseller relationship with customer %s is removed.".formatted(request.customerId());
    }

    private static String nameOf(Customer customer) {
        if (customer.companyName() != null) {
            return customer.companyName();
        }
        return customer.domain() == null ? "" : customer.domain();
    }
}

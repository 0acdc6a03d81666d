package dev.offramp.batch;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Seen;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.OrderResource;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.SubscriptionResource;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How each kind of step is called and how its effect is looked for. */
final class StepCalls {

    private final PartnerCenter partnerCenter;
    private final TargetReads reads;
    private final Weather weather;
    private final InstantSource clock;
    private final Json json = new Json();

    StepCalls(PartnerCenter partnerCenter, TargetReads reads, Weather weather, InstantSource clock) {
        this.partnerCenter = partnerCenter;
        this.reads = reads;
        this.weather = weather;
        this.clock = clock;
    }

    /**
     * What a look for an effect showed.
     *
     * @param after the resource as it is now, empty when there is none to show
     * @param reading what was read
     * @param shown what it is seen in, for the record; null when nothing could be read
     */
    record Look(
            Seen seen,
            String after,
            Reading reading,
            @Nullable Object shown) {}

    /** The limit that its call counts towards. */
    ResourceClass writes(Step step) {
        return switch (step) {
            case Step.ChangeSubscription _, Step.CancelAzureSubscription _ -> ResourceClass.SUBSCRIPTION;
            case Step.CancelOrder _ -> ResourceClass.ORDER;
            case Step.RemoveRelationship _ -> ResourceClass.CUSTOMER;
        };
    }

    /** Whether a success of the call shows the effect itself, or a read must show it. */
    boolean endsWithTheReply(Step step) {
        return step instanceof Step.ChangeSubscription;
    }

    /** The subscription that must be read by id before the step, as only a list of them was read so far. */
    Optional<SubscriptionId> missing(Step step, Reading.Known known) {
        return step instanceof Step.ChangeSubscription(SubscriptionId id, Change _, boolean _)
                        && !known.resources().containsKey(id)
                ? Optional.of(id)
                : Optional.empty();
    }

    /** The customer beside the target that was found. */
    Reading withCustomer(Request request, Reading.Known known) {
        return reads.withCustomer(request.customerId(), known);
    }

    /** Reads it, so that the verdict can be found anew over what is about to be sent back. */
    Reading complete(CustomerId customer, SubscriptionId id, Reading.Known known) {
        Reading reading = reads.alone(customer, id);
        if (!(reading instanceof Reading.Known fresh)
                || !(known.facts() instanceof Facts.OfCustomer listed)
                || !(fresh.facts()
                        instanceof Facts.OfSubscription(var _, Subscription subscription, var _, var _, var _))
                || !id.equals(subscription.id())) {
            return reading;
        }
        Map<SubscriptionId, SubscriptionResource> resources = new HashMap<>(known.resources());
        resources.putAll(fresh.resources());
        List<Subscription> all = listed.subscriptions().stream()
                .map(each -> id.equals(each.id()) ? subscription : each)
                .toList();
        Facts facts = new Facts.OfCustomer(
                listed.readAt(), listed.customer(), all, listed.entitlements(), listed.complete(), listed.evidence());
        return new Reading.Known(facts, resources, null);
    }

    /** The resource as it is before the change, for the record. */
    Optional<String> beforeImage(Step step, Reading.Known known) {
        return switch (step) {
            case Step.ChangeSubscription(SubscriptionId id, Change _, boolean _) ->
                Optional.ofNullable(known.resources().get(id)).map(SubscriptionResource::json);
            case Step.CancelOrder _ -> Optional.ofNullable(known.order()).map(OrderResource::json);
            case Step.CancelAzureSubscription(SubscriptionId _, String entitlement) ->
                known.facts() instanceof Facts.OfSubscription of
                        ? listed(entitlement, of.azure()).map(json::plain)
                        : Optional.empty();
            case Step.RemoveRelationship _ ->
                known.facts() instanceof Facts.OfCustomer of
                        ? Optional.of(json.plain(CustomerImage.of(of.customer())))
                        : Optional.empty();
        };
    }

    /** A customer as it was read, under the names that Partner Center has for its members. */
    private record CustomerImage(
            String id,
            @Nullable String companyName,
            @Nullable String domain,
            @Nullable String relationshipToPartner) {

        static CustomerImage of(Customer customer) {
            return new CustomerImage(
                    customer.id().value(), customer.companyName(), customer.domain(), customer.relationship());
        }
    }

    private static Optional<AzureSubscription> listed(String entitlement, List<AzureSubscription> under) {
        return under.stream()
                .filter(each -> each.entitlement().equals(entitlement))
                .findFirst();
    }

    /** Makes the destructive call. */
    Call call(Permit permit, Reading.Known known) {
        return switch (permit.step()) {
            case Step.ChangeSubscription(SubscriptionId id, Change _, boolean _) ->
                partnerCenter.changeSubscription(
                        permit, Objects.requireNonNull(known.resources().get(id), "it was read by id"));
            case Step.CancelOrder _ ->
                partnerCenter.cancelOrder(permit, Objects.requireNonNull(known.order(), "its order was read"));
            case Step.CancelAzureSubscription _ -> partnerCenter.cancelAzureSubscription(permit);
            case Step.RemoveRelationship _ -> partnerCenter.removeResellerRelationship(permit);
        };
    }

    /** The calls of one look for the effect. */
    List<ResourceClass> looks(Step step) {
        return List.of(writes(step));
    }

    /**
     * Whether a read shows the effect.
     *
     * @param location where a 202 said that it will be seen; null when it said nothing
     */
    Look look(Request request, Step step, @Nullable String location) {
        return switch (step) {
            case Step.ChangeSubscription(SubscriptionId id, Change change, boolean _) -> {
                Reading reading = location == null
                        ? reads.alone(request.customerId(), id)
                        : reads.aloneAt(request.customerId(), id, location);
                yield look(
                        reading,
                        reading instanceof Reading.Known known
                                ? Seen.afterChange(id, change, known.facts())
                                : Seen.CANNOT_TELL);
            }
            case Step.CancelOrder(String order, Integer line) -> {
                Reading reading = reads.order(request.customerId(), order);
                yield look(
                        reading,
                        reading instanceof Reading.Known known
                                ? Seen.afterOrder(order, line, known.facts())
                                : Seen.CANNOT_TELL);
            }
            case Step.CancelAzureSubscription(SubscriptionId plan, String entitlement) ->
                lookUnder(plan, entitlement, request.customerId());
            case Step.RemoveRelationship _ -> lookAtCustomer(request.customerId());
        };
    }

    private static Look look(Reading reading, Seen seen) {
        return reading instanceof Reading.Known known
                ? new Look(seen, after(known), reading, known.facts())
                : new Look(seen, "", reading, null);
    }

    private static String after(Reading.Known known) {
        if (known.order() != null) {
            return known.order().json();
        }
        return known.resources().size() == 1
                ? known.resources().values().iterator().next().json()
                : "";
    }

    /** An Azure subscription is looked for in the list under its plan; one that is not listed tells nothing. */
    private Look lookUnder(SubscriptionId plan, String entitlement, CustomerId customer) {
        Instant readAt = clock.instant();
        Read<ResourceList<AzureSubscription>> read = reads.azureSubscriptions(customer, plan);
        if (read instanceof Read.Found<ResourceList<AzureSubscription>>(var listed)) {
            weather.note(read);
            return new Look(
                    Seen.afterAzure(entitlement, listed.items()),
                    listed(entitlement, listed.items()).map(json::plain).orElse(""),
                    Reading.Known.of(new Facts.Unreadable(readAt, "only the list under the plan was read")),
                    new ListedUnderPlan(readAt, listed.items()));
        }
        Reading reading = reads.notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        return new Look(Seen.CANNOT_TELL, "", reading, reading instanceof Reading.Known known ? known.facts() : null);
    }

    /** The Azure subscriptions under a plan, where nothing else was read. */
    private record ListedUnderPlan(Instant readAt, List<AzureSubscription> azure) {}

    private Look lookAtCustomer(CustomerId id) {
        Instant readAt = clock.instant();
        Read<Customer> read = partnerCenter.customer(id);
        Reading reading;
        String after = "";
        if (read instanceof Read.Found<Customer>(Customer customer)) {
            weather.note(read);
            reading = Reading.Known.of(new Facts.OfCustomer(readAt, customer, List.of(), List.of(), false));
            after = json.plain(CustomerImage.of(customer));
        } else {
            reading = reads.notFound(readAt, read, answer -> new Facts.NotOurCustomer(readAt, answer.words(), ""));
        }
        return reading instanceof Reading.Known known
                ? new Look(Seen.afterUnlink(id, known.facts()), after, reading, known.facts())
                : new Look(Seen.CANNOT_TELL, "", reading, null);
    }
}

package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;

/** Carries out what is asked by the rules of Partner Center, one call at a time. */
final class Rulebook {

    private final World world;
    private final Reads reads;
    private final SubscriptionChanges subscriptionChanges;
    private final CustomerChanges customerChanges;
    private final OrderChanges orderChanges;
    private final AzureChanges azureChanges;

    Rulebook(World world, Settings settings) {
        this.world = world;
        reads = new Reads(world, settings);
        subscriptionChanges = new SubscriptionChanges(world, settings, reads);
        customerChanges = new CustomerChanges(world, settings, reads);
        orderChanges = new OrderChanges(world, settings, reads);
        azureChanges = new AzureChanges(world, settings, reads);
    }

    Routes routes() {
        return new Routes(world, subscriptionChanges);
    }

    Result carryOut(Operation operation, Target target, HttpRequest request, Instant now) {
        synchronized (world) {
            world.settle(now);
            if (operation.reads()) {
                return reads.answer(operation, target, request, now);
            }
            Result result = change(operation, target, request, now);
            world.customer(target.customerId())
                    .ifPresent(customer -> world.audit()
                            .write(
                                    operation,
                                    customer,
                                    result.status() == 200 ? result.body() : null,
                                    result.status() < 300,
                                    request.header("MS-CorrelationId").orElse(null),
                                    now));
            return result;
        }
    }

    /** What a read would show of the thing that a change was asked for. */
    Result present(Target target, HttpRequest request, Instant now) {
        Operation read = target.item() != null
                ? Operation.READ_ORDER
                : target.subscription() != null ? Operation.READ_SUBSCRIPTION : Operation.READ_CUSTOMER;
        return carryOut(read, target, request, now);
    }

    void later(Duration wait, Instant now, Runnable change) {
        synchronized (world) {
            world.later(now.plus(wait), change);
        }
    }

    private Result change(Operation operation, Target target, HttpRequest request, Instant now) {
        return switch (operation) {
            case UNLINK, UPDATE_CUSTOMER -> customerChanges.change(target, request, now);
            case DELETE_CUSTOMER -> customerChanges.delete(target, now);
            case CANCEL_ORDER, UPDATE_ORDER -> orderChanges.change(target, request, now);
            case CANCEL_AZURE -> azureChanges.cancel(target, request, now);
            default -> subscriptionChanges.change(target, request, now);
        };
    }
}

package dev.offramp.simulator;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what a request asks by method and path. */
final class Routes {

    private final World world;
    private final SubscriptionChanges subscriptionChanges;

    Routes(World world, SubscriptionChanges subscriptionChanges) {
        this.world = world;
        this.subscriptionChanges = subscriptionChanges;
    }

    /** What a request asks, and of whom. */
    record Route(Operation operation, Target target) {}

    Optional<Route> of(HttpRequest request) {
        List<String> path = request.segments();
        if (path.size() < 2 || !path.getFirst().equals("v1")) {
            return Optional.empty();
        }
        return switch (path.get(1)) {
            case "customers" -> ofCustomers(request, path);
            case "auditrecords" ->
                request.method().equals("GET") && path.size() == 2
                        ? route(Operation.LIST_AUDIT_RECORDS, Target.NOBODY)
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Route> ofCustomers(HttpRequest request, List<String> path) {
        String customer = at(path, 2);
        String under = path.size() > 3 ? path.get(3) : "";
        return switch (under) {
            case "" -> ofCustomer(request, path.size(), new Target(customer, null, null));
            case "subscriptions" -> ofSubscriptions(request, path);
            case "orders" -> ofOrders(request, path, new Target(customer, null, at(path, 4)));
            case "entitlements" ->
                path.size() == 4 && request.method().equals("GET")
                        ? route(Operation.LIST_ENTITLEMENTS, new Target(customer, null, null))
                        : Optional.empty();
            case "artifacts" ->
                path.size() == 11 && request.method().equals("GET")
                        ? route(Operation.READ_RESERVATION, new Target(customer, null, at(path, 10)))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Route> ofCustomer(HttpRequest request, int depth, Target target) {
        return switch (request.method() + " " + depth) {
            case "GET 2" -> route(Operation.LIST_CUSTOMERS, target);
            case "GET 3" -> route(Operation.READ_CUSTOMER, target);
            case "PATCH 3" -> route(CustomerChanges.operation(request), target);
            case "DELETE 3" -> route(Operation.DELETE_CUSTOMER, target);
            default -> Optional.empty();
        };
    }

    private Optional<Route> ofSubscriptions(HttpRequest request, List<String> path) {
        Target target = new Target(at(path, 2), at(path, 4), at(path, 6));
        String under = path.size() > 5 ? path.get(5) : "";
        return switch (request.method() + " " + path.size() + " " + under) {
            case "GET 4 " -> route(Operation.LIST_SUBSCRIPTIONS, target);
            case "GET 5 " -> route(Operation.READ_SUBSCRIPTION, target);
            case "PATCH 5 " -> {
                synchronized (world) {
                    yield route(subscriptionChanges.operation(target, request), target);
                }
            }
            case "GET 6 addons" -> route(Operation.LIST_ADD_ONS, target);
            case "GET 6 provisioningstatus" -> route(Operation.READ_PROVISIONING_STATUS, target);
            case "GET 6 azureentitlements" -> route(Operation.LIST_AZURE_SUBSCRIPTIONS, target);
            case "GET 7 azureentitlements" -> route(Operation.READ_AZURE_SUBSCRIPTION, target);
            case "POST 8 azureentitlements" ->
                path.get(7).equals("cancel") ? route(Operation.CANCEL_AZURE, target) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Route> ofOrders(HttpRequest request, List<String> path, Target target) {
        return switch (request.method() + " " + path.size()) {
            case "GET 4" -> route(Operation.LIST_ORDERS, target);
            case "GET 5" -> route(Operation.READ_ORDER, target);
            case "GET 6" ->
                path.get(5).equals("provisioningstatus")
                        ? route(Operation.READ_ORDER_PROVISIONING_STATUS, target)
                        : Optional.empty();
            case "PATCH 5" -> route(OrderChanges.operation(request), target);
            default -> Optional.empty();
        };
    }

    private static Optional<Route> route(Operation operation, Target target) {
        return Optional.of(new Route(operation, target));
    }

    private static @Nullable String at(List<String> path, int index) {
        return path.size() > index ? path.get(index) : null;
    }
}

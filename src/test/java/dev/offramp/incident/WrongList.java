package dev.offramp.incident;

import dev.offramp.offboarding.Operation;
import dev.offramp.simulator.Scenario;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list of the incident of April 2022: 883 ids of the wrong kind, here of customers that are to stay. Each of them can be
 * carried out; nothing but the guards stands before it.
 */
record WrongList(Operation operation, String group, int first, int length) {

    /** How many there were. */
    static final int WHOLE = 883;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A partner with all who are on so many lists: who has something to cancel, and who can be unlinked. */
    static Scenario partnerCenter(int lists) {
        var scenario = Scenario.builder().named("883 sites");
        for (int each = 0; each < lists * WHOLE; each++) {
            var subscription = subscription(each);
            var licensed = customer(Operation.CANCEL_SUBSCRIPTION, each);
            var empty = customer(Operation.REMOVE_RESELLER_RELATIONSHIP, each);
            scenario.customer(
                    "Site " + each,
                    customer -> customer.id(licensed)
                            .newCommerceLicence(
                                    licence -> licence.id(subscription).cancellableUntil("+300d")));
            scenario.customer(
                    "Empty site " + each, customer -> customer.id(empty).domain(domain(empty)));
        }
        return scenario.build();
    }

    private static String customer(Operation operation, int number) {
        return (operation == Operation.CANCEL_SUBSCRIPTION ? "c" : "e")
                + "0000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String subscription(int number) {
        return "50000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String domain(String customer) {
        return "site-%s.example".formatted(customer.substring(24));
    }

    private IntStream numbers() {
        return IntStream.range(first, first + length);
    }

    private boolean cancels() {
        return operation == Operation.CANCEL_SUBSCRIPTION;
    }

    List<String> customers() {
        return numbers().mapToObj(each -> customer(operation, each)).toList();
    }

    String source() {
        return cancels() ? "/contoso/billing" : "/contoso/contracts";
    }

    /** As the source's messages. */
    List<ObjectNode> messages() {
        return numbers().mapToObj(this::message).toList();
    }

    private ObjectNode message(int number) {
        var message = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "dev.offramp.%s.v1".formatted(operation.word()))
                .put("source", source())
                .put("id", "%s-%s-%d".formatted(group, operation.word(), number))
                .put("time", Instant.now().toString());
        var data = message.putObject("data")
                .put("customerId", customer(operation, number))
                .put("group", group)
                .put("requestedBy", "jane.doe@contoso.example")
                .put("reason", "The sites of a product that has ended");
        if (cancels()) {
            data.put("subscriptionId", subscription(number));
        } else {
            data.putObject("expect").put("customerDomain", domain(customer(operation, number)));
        }
        return message;
    }

    /** As the options of {@code offramp request send}. */
    List<List<String>> commands() {
        return numbers().mapToObj(this::command).toList();
    }

    private List<String> command(int number) {
        var customer = customer(operation, number);
        var target = cancels()
                ? List.of("--subscription", subscription(number))
                : List.of("--expect-domain", domain(customer));
        var words = new ArrayList<>(List.of("request", "send", operation.word(), "--source", source()));
        words.addAll(List.of("--id", "%s-%s-%d".formatted(group, operation.word(), number)));
        words.addAll(List.of("--customer", customer, "--group", group, "--reason", "The product has ended"));
        words.addAll(target);
        return words;
    }

    /** As a file for {@code offramp run}. */
    String file() {
        return numbers()
                .mapToObj(each -> cancels()
                        ? "%s;%s;%s".formatted(customer(operation, each), subscription(each), group)
                        : "%s;%s;%s".formatted(customer(operation, each), domain(customer(operation, each)), group))
                .collect(Collectors.joining(
                        "\n",
                        "customerId;%s;group\n".formatted(cancels() ? "subscriptionId" : "expect.customerDomain"),
                        "\n"));
    }

    /** The job that runs the file. */
    String job() {
        return cancels() ? "cancel-subscriptions" : "remove-reseller-relationships";
    }
}

package dev.offramp.operations.command;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The options that build a request message; what is missing or wrong in it, the service says. */
final class Message {

    @Option(names = "--customer", paramLabel = "ID", description = "The customer's tenant id.")
    private @Nullable String customer;

    @Option(names = "--subscription", paramLabel = "ID", description = "The subscription's id.")
    private @Nullable String subscription;

    @Option(
            names = "--order",
            paramLabel = "ID",
            description = "cancel-subscription of perpetual software: its order's id, instead of a subscription's.")
    private @Nullable String order;

    @Option(
            names = "--order-line",
            paramLabel = "N",
            description = "Only this line of the order, by its lineItemNumber (default: all lines).")
    private @Nullable Integer orderLine;

    @Option(names = "--request", paramLabel = "ID", description = "withdraw: the id of the request to take back.")
    private @Nullable String request;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Which registered source asks.")
    private @Nullable String source;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "Names the request within its source (default: a new one). The same id again asks what became of it.")
    private @Nullable String id;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is asked for.")
    private @Nullable String reason;

    @Option(names = "--requested-by", paramLabel = "NAME", description = "Who asks for it (default: you).")
    private @Nullable String requestedBy;

    @Option(names = "--group", paramLabel = "GROUP", description = "Names requests that belong together.")
    private @Nullable String group;

    @Option(names = "--reference", paramLabel = "TEXT", description = "Your own reference, e.g. a ticket.")
    private @Nullable String reference;

    @Option(names = "--plan", description = "Read and judge only; change nothing.")
    private boolean plan;

    @Option(names = "--not-before", paramLabel = "TIME", description = "Nothing is done earlier.")
    private @Nullable String notBefore;

    @Option(names = "--not-after", paramLabel = "TIME", description = "Nothing is begun later.")
    private @Nullable String notAfter;

    @Option(names = "--partner-tenant", paramLabel = "ID", description = "The partner's own tenant id.")
    private @Nullable String partnerTenant;

    @Option(
            names = "--expect-domain",
            paramLabel = "DOMAIN",
            description = "The customer's default domain; must be right before anything is changed.")
    private @Nullable String expectDomain;

    @Option(
            names = "--expect-name",
            paramLabel = "NAME",
            description = "The customer's company name; must be right before anything is changed.")
    private @Nullable String expectName;

    @Option(
            names = "--expect-offer",
            paramLabel = "ID",
            description = "The subscription's offer id; must be right before anything is changed.")
    private @Nullable String expectOffer;

    @Option(
            names = "--expect-quantity",
            paramLabel = "N",
            description = "The subscription's quantity; must be right before anything is changed.")
    private @Nullable Long expectQuantity;

    boolean isGiven() {
        return plan
                || Stream.of(
                                customer,
                                subscription,
                                order,
                                orderLine,
                                request,
                                source,
                                id,
                                reason,
                                requestedBy,
                                group,
                                reference,
                                notBefore,
                                notAfter,
                                partnerTenant,
                                expectDomain,
                                expectName,
                                expectOffer,
                                expectQuantity)
                        .anyMatch(each -> each != null);
    }

    JsonNode of(String operation, Instant now) {
        if (source == null || customer == null || reason == null) {
            throw Failure.usage("%s needs --source, --customer and --reason.".formatted(operation));
        }
        ObjectNode message = Service.JSON
                .createObjectNode()
                .put("specversion", "1.0")
                .put("type", "dev.offramp.%s.v1".formatted(operation))
                .put("source", source)
                .put("id", id == null ? UUID.randomUUID().toString() : id)
                .put("time", now.toString())
                .put("datacontenttype", "application/json");
        ObjectNode data = message.putObject("data");
        put(data, "partnerTenantId", partnerTenant);
        put(data, "customerId", customer);
        put(data, "subscriptionId", subscription);
        put(data, "orderId", order);
        if (orderLine != null) {
            data.put("orderLineItem", orderLine);
        }
        put(data, "requestId", request);
        ObjectNode expected = expected();
        if (!expected.isEmpty()) {
            data.set("expect", expected);
        }
        put(data, "mode", plan ? "plan" : null);
        put(data, "notBefore", notBefore);
        put(data, "notAfter", notAfter);
        put(data, "reason", reason);
        put(data, "requestedBy", requestedBy == null ? System.getProperty("user.name", "") : requestedBy);
        put(data, "group", group);
        put(data, "reference", reference);
        return message;
    }

    private ObjectNode expected() {
        ObjectNode expected = Service.JSON.createObjectNode();
        put(expected, "customerDomain", expectDomain);
        put(expected, "customerName", expectName);
        put(expected, "offerId", expectOffer);
        if (expectQuantity != null) {
            expected.put("quantity", expectQuantity);
        }
        return expected;
    }

    private static void put(ObjectNode object, String name, @Nullable String value) {
        if (value != null) {
            object.put(name, value);
        }
    }
}

package dev.offramp.partnercenter;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.SoftwareOrder;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.Subscription.Refund;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads resources. What is missing or not understood becomes null or unknown; a text that is no such resource at all is
 * empty. Nothing here throws for what the other side wrote.
 */
final class Resources {

    private static final JsonMapper JSON = JsonMapper.builder()
            // Of two members with one name, who knows which one counts?
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The header that asks for the next page of customers. */
    static final String CONTINUATION = "MS-ContinuationToken";

    /** How deep included entitlements are followed; the documents show one level. */
    private static final int DEEPEST = 20;

    /** What the decisions rest on, in lower case. */
    private static final Set<String> WEIGHED = Set.of(
            "id",
            "status",
            "offerid",
            "producttype",
            "billingtype",
            "istrial",
            "ismicrosoftproduct",
            "parentsubscriptionid",
            "quantity",
            "autorenewenabled",
            "actions",
            "cancellationalloweduntildate",
            "commitmentenddate",
            "commitmentenddatetime",
            "refundoptions",
            "refundablequantity",
            "orderid",
            "attributes");

    /** Keys of an audit record's data that name what was changed, e.g. {@code SubscriptionId-0}. */
    private static final Pattern NAMED_RESOURCE =
            Pattern.compile("(subscription|order|resource|entitlement)id(-\\d+)?");

    private Resources() {}

    /** Empty too when what a decision rests on cannot be understood. */
    static Optional<SubscriptionResource> subscription(String json) {
        return object(json)
                .filter(Resources::isUnambiguous)
                .filter(Resources::hasReadableWindow)
                .map(node -> {
                    String etag = Members.filled(Members.of(node, "attributes"), "etag");
                    return new SubscriptionResource(subscription(node), json, etag);
                });
    }

    static Optional<ResourceList<Subscription>> subscriptions(String json) {
        return list(json, item -> List.of(subscription(item)));
    }

    static Optional<ResourceList<Entitlement>> entitlements(String json) {
        return list(json, item -> entitlements(item, 0));
    }

    static Optional<ResourceList<AzureSubscription>> azureSubscriptions(String json) {
        return list(json, item -> List.of(azureSubscription(item)));
    }

    static Optional<AzureSubscription> azureSubscription(String json) {
        return object(json).map(Resources::azureSubscription);
    }

    private static AzureSubscription azureSubscription(JsonNode node) {
        String name = Members.filled(node, "friendlyName");
        return new AzureSubscription(
                orEmpty(Members.filled(node, "id")),
                name == null ? "" : name.trim(),
                orEmpty(Members.filled(node, "status")));
    }

    static Optional<OrderResource> order(String json) {
        return object(json).filter(node -> Members.filled(node, "id") != null).map(node -> order(node, json));
    }

    static Optional<ResourceList<OrderResource>> orders(String json) {
        return list(json, item -> List.of(order(item, item.toString())));
    }

    private static OrderResource order(JsonNode node, String json) {
        List<SoftwareOrder.Line> lines = Members.elements(Members.of(node, "lineItems")).stream()
                .map(line -> new SoftwareOrder.Line(
                        Members.number(line, "lineItemNumber"),
                        Members.filled(line, "offerId"),
                        id(Members.filled(line, "subscriptionId"), SubscriptionId::of),
                        Members.number(line, "quantity")))
                .toList();
        return new OrderResource(
                new SoftwareOrder(
                        orEmpty(Members.filled(node, "id")),
                        orEmpty(Members.filled(node, "status")),
                        orEmpty(Members.filled(node, "billingCycle")),
                        lines),
                json,
                Members.filled(Members.of(node, "attributes"), "etag"));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static Optional<Customer> customer(String json) {
        return object(json).flatMap(Resources::customer);
    }

    private static Optional<Customer> customer(JsonNode node) {
        JsonNode profile = Members.of(node, "companyProfile");
        CustomerId id = id(Members.filled(node, "id"), CustomerId::of);
        if (id == null) {
            id = id(Members.filled(profile, "tenantId"), CustomerId::of);
        }
        return Optional.ofNullable(id)
                .map(known -> new Customer(
                        known,
                        Members.filled(profile, "companyName"),
                        Members.filled(profile, "domain"),
                        Members.elements(Members.of(node, "customDomains")).stream()
                                .filter(JsonNode::isString)
                                .map(JsonNode::asString)
                                .filter(each -> !each.isBlank())
                                .toList(),
                        Members.filled(node, "relationshipToPartner")));
    }

    /** A page of customers; one without a readable id is left out, and the page is not whole then. */
    static Optional<CustomerPage> customers(String json) {
        return object(json).flatMap(node -> {
            JsonNode items = Members.of(node, "items");
            if (!items.isArray()) {
                return Optional.empty();
            }
            List<Customer> customers = Members.elements(items).stream()
                    .flatMap(item -> customer(item).stream())
                    .toList();
            String token = continuation(node);
            boolean cutOff = token == null && continues(node);
            boolean whole = customers.size() == items.size() && isCounted(node, items) && !cutOff;
            return Optional.of(new CustomerPage(customers, token, whole));
        });
    }

    /** A page of audit records; what one does not say stays empty, and whoever compares them counts it. */
    static Optional<AuditPage> auditRecords(String json) {
        return object(json).flatMap(node -> {
            JsonNode items = Members.of(node, "items");
            if (!items.isArray()) {
                return Optional.empty();
            }
            List<AuditRecord> records = Members.elements(items).stream()
                    .filter(JsonNode::isObject)
                    .map(Resources::auditRecord)
                    .toList();
            String token = continuation(node);
            boolean cutOff = token == null && continues(node);
            boolean whole = records.size() == items.size() && !cutOff;
            return Optional.of(new AuditPage(records, Members.number(node, "totalCount"), token, whole));
        });
    }

    private static AuditRecord auditRecord(JsonNode node) {
        CustomerId customer = id(Members.filled(node, "customerId"), CustomerId::of);
        String text = Members.filled(node, "resourceNewValue");
        JsonNode after = text == null
                ? Members.of(node, "resourceNewValue")
                : object(text).orElse(JsonNodeFactory.instance.missingNode());
        Set<String> resources = new HashSet<>();
        for (JsonNode each : Members.elements(Members.of(node, "customizedData"))) {
            String key = orEmpty(Members.filled(each, "key")).toLowerCase(Locale.ROOT);
            String value = Members.filled(each, "value");
            if (value != null && NAMED_RESOURCE.matcher(key).matches()) {
                resources.add(value.toLowerCase(Locale.ROOT));
            }
        }
        String itself = Members.filled(after, "id");
        if (itself != null) {
            resources.add(itself.toLowerCase(Locale.ROOT));
        }
        if (customer != null) {
            resources.remove(customer.value());
        }
        String who = Stream.of(Members.filled(node, "userPrincipalName"), Members.filled(node, "applicationId"))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
        return new AuditRecord(
                date(node, "operationDate"),
                orEmpty(Members.filled(node, "operationType")),
                orEmpty(Members.filled(node, "operationStatus")),
                customer,
                resources,
                Members.filled(node, "originalCorrelationId"),
                who,
                Members.filled(after, "status"),
                Members.flag(after, "autoRenewEnabled"));
    }

    /** From the collection itself, else from the headers that its link to the next page names. */
    private static @Nullable String continuation(JsonNode node) {
        String token = Members.filled(node, "continuationToken");
        if (token == null) {
            JsonNode next = Members.of(Members.of(node, "links"), "next");
            token = Members.elements(Members.of(next, "headers")).stream()
                    .filter(header -> CONTINUATION.equalsIgnoreCase(Members.filled(header, "key")))
                    .map(header -> Members.filled(header, "value"))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        return token != null && token.matches("[\\x21-\\x7E]+") ? token : null;
    }

    /**
     * What an unlink's answer says.
     *
     * @param id as spelled
     */
    record Relationship(@Nullable String id, @Nullable String relationship) {}

    static Optional<Relationship> relationship(String json) {
        return object(json)
                .map(node ->
                        new Relationship(Members.filled(node, "id"), Members.filled(node, "relationshipToPartner")));
    }

    /** The id and status of a body that may be a subscription; for judging the answer to a cancel. */
    static Optional<Subscription> subscriptionSentBack(String json) {
        return object(json).map(Resources::subscription);
    }

    /** "Status" beside "status": nobody knows which one counts, so neither does. What we do not read may stand twice. */
    private static boolean isUnambiguous(JsonNode node) {
        Set<String> names = new HashSet<>();
        return node.propertyNames().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(WEIGHED::contains)
                .allMatch(names::add);
    }

    /** A window that is there but says nothing to us is not the same as none. */
    private static boolean hasReadableWindow(JsonNode node) {
        JsonNode until = Members.of(node, "cancellationAllowedUntilDate");
        JsonNode actions = Members.of(node, "actions");
        boolean readable = isAbsent(until)
                || (until.isString()
                        && (until.stringValue().isBlank() || date(node, "cancellationAllowedUntilDate") != null));
        return readable && (isAbsent(actions) || actions.isArray());
    }

    private static boolean isAbsent(JsonNode member) {
        return member.isMissingNode() || member.isNull();
    }

    private static Subscription subscription(JsonNode node) {
        String name = Members.filled(node, "friendlyName");
        if (name == null) {
            name = Members.filled(node, "offerName");
        }
        JsonNode refundable = Members.of(node, "refundableQuantity");
        Instant termEnd = date(node, "commitmentEndDateTime");
        return new Subscription(
                id(Members.filled(node, "id"), SubscriptionId::of),
                name == null ? "" : name,
                SubscriptionStatus.of(Members.filled(node, "status")),
                Kinds.of(node),
                Members.filled(node, "offerId"),
                Members.number(node, "quantity"),
                Members.flag(node, "autoRenewEnabled"),
                date(node, "cancellationAllowedUntilDate"),
                actions(Members.of(node, "actions")),
                termEnd == null ? date(node, "commitmentEndDate") : termEnd,
                refunds(Members.of(node, "refundOptions")),
                lastRefund(refundable),
                Members.number(refundable, "totalQuantity"),
                Members.filled(node, "orderId"));
    }

    private static @Nullable List<String> actions(JsonNode array) {
        if (!array.isArray()) {
            return null;
        }
        return Members.elements(array).stream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .toList();
    }

    private static List<Refund> refunds(JsonNode options) {
        List<Refund> refunds = new ArrayList<>();
        for (JsonNode option : Members.elements(options)) {
            String type = Members.filled(option, "type");
            // The property table says expiresAfter, every example says expiresAt.
            JsonNode end = Members.of(option, "expiresAt");
            Instant until = date(option, end.isMissingNode() ? "expiresAfter" : "expiresAt");
            boolean endless = until == null
                    && Members.filled(option, "expiresAt") == null
                    && Members.filled(option, "expiresAfter") == null;
            if (type != null && (until != null || endless)) {
                refunds.add(new Refund(type, until));
            }
        }
        return refunds;
    }

    private static @Nullable Instant lastRefund(JsonNode refundable) {
        return Members.elements(Members.of(refundable, "details")).stream()
                .map(detail -> date(detail, "allowedUntilDateTime"))
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static List<Entitlement> entitlements(JsonNode node, int depth) {
        List<Entitlement> all = new ArrayList<>();
        all.add(entitlement(node));
        if (depth < DEEPEST) {
            for (JsonNode included : Members.elements(Members.of(node, "includedEntitlements"))) {
                all.addAll(entitlements(included, depth + 1));
            }
        }
        return all;
    }

    private static Entitlement entitlement(JsonNode node) {
        String type = Members.filled(node, "entitlementType");
        String product = Objects.requireNonNullElse(Members.filled(node, "productId"), "");
        String sku = Members.filled(node, "skuId");
        String states = Members.elements(Members.of(node, "quantityDetails")).stream()
                .map(detail -> Members.filled(detail, "status"))
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(", "));
        return new Entitlement(
                type == null ? "" : type, entitlementId(node), sku == null ? product : product + "/" + sku, states);
    }

    private static String entitlementId(JsonNode node) {
        JsonNode order = Members.of(node, "referenceOrder");
        String id = Members.filled(order, "id");
        if (id != null) {
            String line = Members.filled(order, "lineItemId");
            return line == null ? id : id + "/" + line;
        }
        return Members.elements(Members.of(node, "entitledArtifacts")).stream()
                .map(artifact -> Members.filled(artifact, "resourceId"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static <T> Optional<ResourceList<T>> list(String json, Function<JsonNode, List<T>> read) {
        return object(json).flatMap(node -> {
            JsonNode items = Members.of(node, "items");
            if (!items.isArray()) {
                return Optional.empty();
            }
            List<T> all = new ArrayList<>();
            for (JsonNode item : Members.elements(items)) {
                all.addAll(read.apply(item));
            }
            return Optional.of(new ResourceList<>(all, isCounted(node, items) && !continues(node)));
        });
    }

    /** Whether there are as many items as {@code totalCount} says. */
    private static boolean isCounted(JsonNode node, JsonNode items) {
        JsonNode total = Members.of(node, "totalCount");
        return total.isIntegralNumber() && total.bigIntegerValue().equals(BigInteger.valueOf(items.size()));
    }

    /** Whether the answer says that there is more. */
    private static boolean continues(JsonNode node) {
        return Members.filled(node, "continuationToken") != null
                || Members.of(Members.of(node, "links"), "next").isObject();
    }

    private static Optional<JsonNode> object(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return Optional.ofNullable(node).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Instant date(JsonNode object, String name) {
        return Dates.read(Members.filled(object, name));
    }

    private static <T> @Nullable T id(@Nullable String text, Function<String, T> form) {
        if (text == null) {
            return null;
        }
        try {
            return form.apply(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}

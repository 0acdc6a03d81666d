package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The records of what was changed, as partners can read them. */
final class AuditLog {

    /** Documented: records can be read for ninety days. */
    static final Duration MEMORY = Duration.ofDays(90);

    private static final int MOST = 100_000;

    private final Settings settings;
    private final Deque<Entry> entries = new ArrayDeque<>();

    AuditLog(Settings settings) {
        this.settings = settings;
    }

    /** @param resource what it is after the change; absent when the change was refused */
    void write(
            Operation operation,
            HeldCustomer customer,
            @Nullable JsonNode resource,
            boolean succeeded,
            @Nullable String correlationId,
            Instant now) {
        if (entries.size() >= MOST) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(
                now,
                operation,
                customer.id(),
                customer.companyName(),
                resource == null ? "" : Json.text(Casing.pascal(resource)),
                resource == null ? "" : resource.path("id").asString(""),
                succeeded,
                correlationId));
    }

    /** Those that can be read by now, the latest first, as the real ones come. */
    List<ObjectNode> read(Instant from, Instant to, Instant now) {
        Instant visible = now.minus(settings.unknowns().auditDelay());
        return entries.reversed().stream()
                .filter(entry -> !entry.at().isAfter(visible))
                .filter(entry -> !entry.at().isBefore(from) && entry.at().isBefore(to))
                .map(this::record)
                .toList();
    }

    private ObjectNode record(Entry entry) {
        ObjectNode record = Json.object()
                .put("partnerId", settings.partnerTenantId())
                .put("customerId", entry.customerId())
                .put("customerName", entry.customerName())
                .put("userPrincipalName", "admin.agent@partner.example")
                .put("applicationId", "simulator")
                .put("resourceType", resourceType(entry.operation()))
                .put("resourceNewValue", entry.newValue())
                .put("operationType", operationType(entry.operation()))
                .put("operationDate", entry.at().toString())
                .put("operationStatus", entry.succeeded() ? "succeeded" : "failed");
        ArrayNode data = record.putArray("customizedData");
        data.addObject().put("key", "CustomerId").put("value", entry.customerId());
        if (!entry.resourceId().isEmpty()) {
            data.addObject()
                    .put("key", entry.operation().resource().equals("subscription") ? "SubscriptionId" : "ResourceId")
                    .put("value", entry.resourceId());
        }
        switch (settings.unknowns().auditCorrelation()) {
            case "missing" -> {
                // As the table of members has it.
            }
            case "servers" -> record.put("originalCorrelationId", Scenario.derived("server's " + entry.at()));
            default -> {
                if (entry.correlationId() != null) {
                    record.put("originalCorrelationId", entry.correlationId());
                }
            }
        }
        record.set("attributes", Links.attributes("AuditRecord"));
        return record;
    }

    private static String resourceType(Operation operation) {
        return switch (operation) {
            case UNLINK, UPDATE_CUSTOMER, DELETE_CUSTOMER -> "customer";
            case CANCEL_ORDER -> "order";
            default -> "subscription";
        };
    }

    private static String operationType(Operation operation) {
        return switch (operation) {
            case UNLINK -> "remove_partner_customer_relationship";
            case UPDATE_CUSTOMER -> "dap_admin_relationship_terminated";
            case DELETE_CUSTOMER -> "delete_customer";
            case CANCEL_ORDER -> "update_order";
            default -> "update_subscription";
        };
    }

    private record Entry(
            Instant at,
            Operation operation,
            String customerId,
            String customerName,
            String newValue,
            String resourceId,
            boolean succeeded,
            @Nullable String correlationId) {}
}

package dev.offramp.run;

import dev.offramp.ledger.Admission;
import dev.offramp.offboarding.Expectation;
import dev.offramp.request.RowScreening;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how a line differs from the request that came first under its id. */
final class Versions {

    private Versions() {}

    /** @param line what the line asks for; null when it can no longer be asked for at all */
    static String sentence(Admission ledger, @Nullable Admission line, String text) {
        var came = ledger.line();
        var where = came == null ? "" : " (line %d of run %d)".formatted(came.number(), came.run());
        var both = line == null
                ? "the line says: " + RowScreening.cited(text)
                : String.join("; ", differences(membersOf(ledger), membersOf(line)));
        return "The id '%s' came before%s with another content: %s. What came first stands; give the line an id of its own if it is another request."
                .formatted(RowScreening.cited(ledger.key().id()), where, both);
    }

    private static ArrayList<String> differences(Map<String, String> ledger, Map<String, String> line) {
        var differences = new ArrayList<String>();
        ledger.forEach((member, held) -> {
            var said = line.getOrDefault(member, "");
            if (!held.equals(said)) {
                differences.add(
                        "%s is %s in the ledger and %s in the line".formatted(member, cited(held), cited(said)));
            }
        });
        if (differences.isEmpty()) {
            differences.add(
                    "the line says a member of its own where the first one left it to the run, or the other way round");
        }
        return differences;
    }

    private static String cited(String text) {
        return text.isEmpty() ? "not given" : "'" + RowScreening.cited(text) + "'";
    }

    private static Map<String, String> membersOf(Admission admission) {
        var terms = admission.terms();
        Expectation expect = terms.expect();
        var members = new LinkedHashMap<String, String>();
        put(members, "customerId", admission.customerId());
        put(members, "subscriptionId", admission.subscriptionId());
        var order = admission.order();
        put(members, "orderId", order == null ? null : order.order());
        put(members, "orderLineItem", order == null ? null : order.line());
        put(members, "reason", admission.cause());
        put(members, "requestedBy", admission.requestedBy());
        put(members, "reference", admission.reference());
        put(members, "group", admission.group());
        put(members, "notBefore", terms.notBefore());
        put(members, "notAfter", terms.notAfter());
        put(members, "expect.offerId", expect.offerId());
        put(members, "expect.quantity", expect.quantity());
        put(members, "expect.customerDomain", expect.customerDomain());
        put(members, "expect.customerName", expect.customerName());
        put(members, "ifWindowClosed", terms.ifWindowClosed().word());
        put(members, "onActiveSubscriptions", terms.onActiveSubscriptions().word());
        put(
                members,
                "onActiveAzureSubscriptions",
                terms.onActiveAzureSubscriptions().word());
        put(members, "partnerTenantId", admission.partnerTenantId());
        return members;
    }

    private static void put(Map<String, String> members, String name, @Nullable Object value) {
        members.put(name, value == null ? "" : Objects.toString(value));
    }
}

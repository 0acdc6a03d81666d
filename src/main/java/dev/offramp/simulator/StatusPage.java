package dev.offramp.simulator;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The page on which people see what arrived, what is held, and what is to go wrong. */
final class StatusPage {

    private static final int LATEST = 25;
    private static final int MOST_CUSTOMERS = 25;
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final PartnerCenterSimulator simulator;

    StatusPage(PartnerCenterSimulator simulator) {
        this.simulator = simulator;
    }

    /** @param search what the names or ids of the shown customers contain */
    String html(String search) {
        List<Call> calls = simulator.calls();
        String content = figures(calls) + calls(calls) + rules() + limits() + customers(search) + places();
        return Page.of(simulator.scenario().name(), content);
    }

    private String figures(List<Call> calls) {
        long reads = simulator.readCounts().values().stream()
                .mapToLong(Integer::longValue)
                .sum();
        return """
                <dl class="figures">
                %s%s%s%s%s</dl>
                <p class="quiet">The server's clock says %s. Partner tenant <code>%s</code>. \
                <a href="/simulator">Look again</a></p>
                """.formatted(
                figure("Customers", simulator.customerCount()),
                figure("Reads", reads),
                figure("Changes asked for", calls.size()),
                figure("Changes made", calls.stream().filter(Call::changed).count()),
                figure("Answered 429", simulator.holds().size()),
                DAY_AND_TIME.format(simulator.now()),
                Page.escaped(simulator.scenario().partnerTenantId()));
    }

    private static String figure(String name, long number) {
        return "<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(name, String.format(Locale.ROOT, "%,d", number));
    }

    private static String calls(List<Call> calls) {
        if (calls.isEmpty()) {
            return section("Calls that ask for a change", "", "<p>None has arrived yet.</p>\n");
        }
        StringBuilder rows = new StringBuilder("""
                <div class="scroll"><table><thead><tr><th class="number">No.</th><th>Time</th><th>Operation</th>\
                <th>Target</th><th>Answer</th><th>Effect</th></tr></thead><tbody>
                """);
        calls.reversed().stream().limit(LATEST).forEach(call -> rows.append(row(call)));
        rows.append("</tbody></table></div>\n");
        String note = calls.size() > LATEST ? "The latest %d of %d".formatted(LATEST, calls.size()) : "";
        return section("Calls that ask for a change", note, rows.toString());
    }

    private static String row(Call call) {
        return """
                <tr><td class="number">%d</td><td>%s</td><td>%s</td><td><code>%s</code></td>\
                <td class="%s">%s</td><td>%s</td></tr>
                """.formatted(
                        call.number(),
                        TIME.format(call.time()),
                        Page.escaped(call.operation().word()),
                        Page.escaped(call.target()),
                        tone(call),
                        Page.escaped(answer(call)),
                        call.changed() ? "made" : call.replayed() ? "repeated answer" : "–");
    }

    private static String answer(Call call) {
        if (!call.reply().equals("given")) {
            return call.reply();
        }
        return call.code() == null ? String.valueOf(call.status()) : call.status() + " / " + call.code();
    }

    private static String tone(Call call) {
        Integer status = call.status();
        if (!call.reply().equals("given") || status == null || status >= 500) {
            return "bad";
        }
        return status < 300 ? "good" : "warn";
    }

    private String rules() {
        List<Fault> faults = simulator.faults();
        if (faults.isEmpty()) {
            return section("What is to go wrong", "", "<p>Nothing: every call is answered by the rules.</p>\n");
        }
        StringBuilder rows = new StringBuilder("""
                <div class="scroll"><table><thead><tr><th>Action</th><th>Rule</th></tr></thead><tbody>
                """);
        for (Fault fault : faults) {
            ObjectNode rule = RuleWriter.node(fault);
            rule.remove("action");
            rows.append("<tr><td>%s</td><td class=\"wide\"><code>%s</code></td></tr>%n"
                    .formatted(Page.escaped(fault.action().word()), Page.escaped(Json.text(rule))));
        }
        return section(
                "What is to go wrong",
                "",
                rows.append("</tbody></table></div>\n").toString());
    }

    private String limits() {
        List<Limit> limits = simulator.limits();
        if (limits.isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder("""
                <div class="scroll"><table><thead><tr><th>Resource</th><th>For each</th><th class="number">Calls</th>\
                <th>Window</th></tr></thead><tbody>
                """);
        for (Limit limit : limits) {
            rows.append("<tr><td>%s</td><td>%s</td><td class=\"number\">%d</td><td>%d s</td></tr>%n"
                    .formatted(
                            Page.escaped(limit.resource()),
                            limit.perCustomer() ? "customer" : "partner tenant",
                            limit.calls(),
                            limit.window().toSeconds()));
        }
        return section(
                "Rate limits", "", rows.append("</tbody></table></div>\n").toString());
    }

    private String customers(String search) {
        List<JsonNode> found = simulator.find(search, MOST_CUSTOMERS);
        StringBuilder rows = new StringBuilder("""
                <div class="scroll"><table><thead><tr><th>Customer</th><th>Relationship</th><th>Subscriptions</th>\
                <th>Entitlements</th></tr></thead><tbody>
                """);
        found.forEach(customer -> rows.append(row(customer)));
        String note = """
                <form class="search" action="/simulator"><input type="search" name="q" value="%s" \
                placeholder="Name or id" aria-label="Name or id"><button class="quiet">Find</button></form>""".formatted(Page.escaped(search));
        rows.append("</tbody></table></div>\n");
        String table = found.isEmpty() ? "<p>No customer is called so.</p>\n" : rows.toString();
        return section("Customers", note, table);
    }

    private static String row(JsonNode customer) {
        StringBuilder subscriptions = new StringBuilder();
        customer.path("subscriptions")
                .forEach(each -> subscriptions.append("<div>%s, <span class=\"%s\">%s</span>%s</div>"
                        .formatted(
                                Page.escaped(each.path("kind").asString("")),
                                tone(each.path("status").asString("")),
                                Page.escaped(each.path("status").asString("")),
                                each.path("autoRenewEnabled").asBoolean() ? ", renews" : "")));
        StringBuilder entitlements = new StringBuilder();
        customer.path("entitlements")
                .forEach(each -> entitlements.append("<div>%s</div>".formatted(Page.escaped(each.asString()))));
        return """
                <tr><td><a href="/simulator/state?customer=%s">%s</a></td><td>%s</td><td>%s</td><td>%s</td></tr>
                """.formatted(
                        Page.escaped(customer.path("id").asString("")),
                        Page.escaped(customer.path("companyName").asString("")),
                        Page.escaped(customer.path("relationship").asString("")),
                        subscriptions.isEmpty() ? "–" : subscriptions,
                        entitlements.isEmpty() ? "–" : entitlements);
    }

    private static String tone(String status) {
        return switch (status) {
            case "active" -> "good";
            case "suspended", "pending", "expired" -> "warn";
            default -> "quiet";
        };
    }

    private static String places() {
        StringBuilder list = new StringBuilder("<p class=\"choices\">");
        for (String place : List.of("calls", "reads", "holds", "state", "faults", "limits")) {
            list.append("<a href=\"/simulator/%s\">%s</a> ".formatted(place, place));
        }
        return section("The same as JSON", "", list.append("</p>\n").toString());
    }

    private static String section(String title, String note, String content) {
        return """
                <section><div class="head"><h2>%s</h2><div class="aside">%s</div></div>
                %s</section>
                """.formatted(title, note, content);
    }
}

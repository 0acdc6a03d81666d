package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.CONTOSO;
import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.YESTERDAY;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the words of the decision tables mean in facts and terms, and how verdicts are said in those words. The cloud is no
 * part of them: no document makes a verdict differ by it, so the rules do not take it.
 */
final class DecisionCells {

    private static final Instant TERM_END = Instant.parse("2027-03-01T00:00:00Z");
    private static final Instant BEFORE_THE_TERM_ENDS = Instant.parse("2027-01-01T00:00:00Z");
    private static final Instant AFTER_THE_TERM_ENDS = Instant.parse("2027-06-01T00:00:00Z");
    private static final String ORDER = "2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1";

    private final Map<String, String> cell;

    private DecisionCells(Map<String, String> cell) {
        this.cell = cell;
    }

    /** Decides one cell of the table that has this name; the operation is the beginning of it. */
    static Verdict decide(String table, Map<String, String> defaults, Map<String, String> cell) {
        Map<String, String> whole = new HashMap<>(defaults);
        whole.putAll(cell);
        return new DecisionCells(whole).decide(table);
    }

    private Verdict decide(String table) {
        if (table.startsWith("unlink")) {
            SuspendedNewCommerce suspended = word("suspendedNewCommerce").equals("blocks")
                    ? SuspendedNewCommerce.BLOCKS
                    : SuspendedNewCommerce.ALLOWED;
            return UnlinkRules.decide(CONTOSO, terms(), Releases.NONE, StepsDone.NONE, suspended, ofCustomer(), NOW);
        }
        if (table.startsWith("order")) {
            return OrderRules.decide(orderTarget(), terms(), Releases.NONE, done(), ofOrder(), NOW);
        }
        Operation operation = switch (table.substring(0, table.indexOf('-'))) {
            case "cancel" -> Operation.CANCEL_SUBSCRIPTION;
            case "suspend" -> Operation.SUSPEND_SUBSCRIPTION;
            case "reactivate" -> Operation.REACTIVATE_SUBSCRIPTION;
            case "turn" -> Operation.TURN_OFF_AUTO_RENEW;
            case String other -> throw new IllegalArgumentException("no table of an operation: " + other);
        };
        Facts facts = new Facts.OfSubscription(
                NOW, subscription(), azure(), order(), !word("azure").equals("cut"));
        return SubscriptionRules.decide(operation, LICENCE, terms(), Releases.NONE, done(), facts, NOW);
    }

    /** A verdict as "go cancel", "wait ends-at-term term-end", "done". */
    static String said(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go go -> "go " + said(go.step());
            case Verdict.AlreadyDone _ -> "done";
            case Verdict.Ended _ -> "ended";
            case Verdict.WaitUntil wait -> "wait " + wait.reason().word() + " " + said(wait.until());
            case Verdict.Blocked no -> "blocked " + no.reason().word();
            case Verdict.Hold hold -> "hold " + hold.reason().word();
        };
    }

    static String expected(DecisionTable.Row row) {
        return (row.verdict() + " " + row.what() + " " + row.until()).strip();
    }

    private static String said(Step step) {
        return switch (step) {
            case Step.ChangeSubscription change when !change.subscription().equals(LICENCE) -> "of another one";
            case Step.ChangeSubscription change ->
                change.own() ? change.word() : change.change().word() + ":given";
            case Step.CancelOrder order when !order.order().equals(ORDER) -> "of another order";
            case Step.CancelOrder(var _, Integer line) ->
                line == null ? "cancel-order" : line == 0 ? "cancel-order-line" : "of another line";
            case Step.CancelAzureSubscription azure ->
                azure.entitlement().equals("azure-1") && azure.plan().equals(LICENCE)
                        ? "cancel-azure"
                        : "of another one";
            case Step.RemoveRelationship unlink -> unlink.word();
        };
    }

    private static String said(Instant until) {
        return until.equals(TERM_END)
                ? "term-end"
                : switch (Duration.between(NOW, until).toString()) {
                    case "PT15M" -> "15m";
                    case "PT1H" -> "1h";
                    case String other -> other;
                };
    }

    private String word(String axis) {
        return cell.get(axis);
    }

    private Terms terms() {
        return new Terms(
                false,
                null,
                word("notAfter").equals("later") ? AFTER_THE_TERM_ENDS : BEFORE_THE_TERM_ENDS,
                IfWindowClosed.valueOf(constant("ifWindowClosed")),
                OnActiveSubscriptions.valueOf(constant("onActiveSubscriptions")),
                OnActiveAzureSubscriptions.valueOf(constant("onActiveAzureSubscriptions")),
                Expectation.NONE);
    }

    private String constant(String axis) {
        return word(axis).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private Subscription subscription() {
        return Given.licence("active")
                .status(word("status").equals("missing") ? null : word("status"))
                .kind(Kind.valueOf(constant("kind")))
                .window(window(), actions())
                .renewing(renews(), termEnd())
                .order(ORDER)
                .build();
    }

    private @Nullable Instant window() {
        return switch (word("window")) {
            case "open" -> TOMORROW;
            case "closed" -> YESTERDAY;
            case "closes-now" -> NOW;
            case "endless" -> Instant.parse("9999-12-31T23:59:59Z");
            case "unnamed" -> null;
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private @Nullable List<String> actions() {
        return switch (word("actions")) {
            case "absent" -> null;
            case "cancel" -> List.of("edit", "cancel");
            case "Cancel" -> List.of("Cancel", "Edit");
            case "edit" -> List.of("edit");
            case "empty" -> List.of();
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private @Nullable Boolean renews() {
        return yesOrNo("renews");
    }

    private @Nullable Boolean yesOrNo(String axis) {
        return switch (word(axis)) {
            case "yes" -> true;
            case "no" -> false;
            case "unsaid" -> null;
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private @Nullable Instant termEnd() {
        return switch (word("term")) {
            case "ahead" -> TERM_END;
            case "ran-out" -> NOW.minus(Duration.ofHours(1));
            case "long-over" -> NOW.minus(Duration.ofDays(3));
            case "unsaid" -> null;
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private StepsDone done() {
        Instant end = termEnd();
        return switch (word("done")) {
            case "nothing" -> new StepsDone(Set.of(), yesOrNo("before"), null);
            case "auto-renew-off" -> new StepsDone(Set.of("auto-renew-off"), null, end);
            case "renewed" ->
                new StepsDone(Set.of("auto-renew-off"), null, end == null ? YESTERDAY : end.minus(Duration.ofDays(30)));
            case "reactivate" -> new StepsDone(Set.of("reactivate"), yesOrNo("before"), null);
            case "reactivate+auto-renew-on" ->
                new StepsDone(Set.of("reactivate", "auto-renew-on"), yesOrNo("before"), null);
            case "cancel-azure" -> new StepsDone(Set.of("cancel-azure:azure-1"), null, null);
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private List<AzureSubscription> azure() {
        AzureSubscription active = new AzureSubscription("azure-1", "Production", "active");
        AzureSubscription inactive = new AzureSubscription("azure-2", "Test", "Inactive");
        AzureSubscription strange = new AzureSubscription("azure-3", "Other", "warned");
        return switch (word("azure")) {
            case "none", "cut" -> List.of();
            case "inactive" -> List.of(inactive);
            case "active" -> List.of(inactive, active);
            case "strange" -> List.of(strange);
            case "active+strange" -> List.of(active, strange);
            case "nameless" -> List.of(new AzureSubscription("", "Production", "active"));
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    private @Nullable SoftwareOrder order() {
        SoftwareOrder.Line own = new SoftwareOrder.Line(0, "DG7GMGF0FKZV:0003:DG7GMGF0DQLM", LICENCE, 1);
        SoftwareOrder.Line cancelled = new SoftwareOrder.Line(0, "DG7GMGF0FKZV:0003:DG7GMGF0DQLM", LICENCE, 0);
        SoftwareOrder.Line other = new SoftwareOrder.Line(1, "DG7GMGF0FKZV:0002:DG7GMGF0DQLX", OTHER, 1);
        return switch (word("order")) {
            case "own" -> new SoftwareOrder(ORDER, "completed", List.of(own));
            case "cancelled" -> new SoftwareOrder(ORDER, "Cancelled", List.of(own));
            case "line-cancelled" -> new SoftwareOrder(ORDER, "completed", List.of(cancelled, other));
            case "shared" -> new SoftwareOrder(ORDER, "completed", List.of(own, other));
            case "pending" -> new SoftwareOrder(ORDER, "pending", List.of(own));
            case "strange" -> new SoftwareOrder(ORDER, "parked", List.of(own));
            case "other" -> new SoftwareOrder(ORDER, "completed", List.of(other));
            case "missing" -> null;
            case String unknown -> throw new IllegalArgumentException(unknown);
        };
    }

    private OrderTarget orderTarget() {
        return new OrderTarget(
                ORDER,
                switch (word("target")) {
                    case "order" -> null;
                    case "line" -> 0;
                    case "no-such-line" -> 7;
                    case String other -> throw new IllegalArgumentException(other);
                });
    }

    private Facts ofOrder() {
        SoftwareOrder.Line own = line(0, LICENCE, 1);
        SoftwareOrder.Line cancelled = line(0, LICENCE, 0);
        SoftwareOrder.Line other = line(1, OTHER, 1);
        return switch (word("order")) {
            case "own" -> ofOrder(ORDER, "completed", own);
            case "cancelled" -> ofOrder(ORDER, "Cancelled", own);
            case "line-cancelled" -> ofOrder(ORDER, "completed", cancelled, other);
            case "all-cancelled" -> ofOrder(ORDER, "completed", cancelled, line(1, OTHER, 0));
            case "shared" -> ofOrder(ORDER, "Completed", own, other);
            case "pending" -> ofOrder(ORDER, "pending", own);
            case "strange" -> ofOrder(ORDER, "parked", own);
            case "missing" -> new Facts.NoSubscription(NOW, "404/60002");
            case "another" -> ofOrder("another", "completed", own);
            case "unnumbered" -> ofOrder(ORDER, "completed", own, line(null, OTHER, 1));
            case "twice-numbered" -> ofOrder(ORDER, "completed", own, line(0, OTHER, 1));
            case "unquantified" -> ofOrder(ORDER, "completed", line(0, LICENCE, null));
            case "empty" -> ofOrder(ORDER, "completed");
            case String unknown -> throw new IllegalArgumentException(unknown);
        };
    }

    private SoftwareOrder.Line line(@Nullable Integer number, SubscriptionId subscription, @Nullable Integer quantity) {
        return new SoftwareOrder.Line(
                number,
                "DG7GMGF0FKZV:0003:DG7GMGF0DQLM",
                word("lines").equals("subscribed") ? subscription : null,
                quantity);
    }

    private Facts ofOrder(String id, String status, SoftwareOrder.Line... lines) {
        String billing = word("billing").equals("missing") ? "" : word("billing");
        return new Facts.OfOrder(NOW, new SoftwareOrder(id, status, billing, List.of(lines)));
    }

    private Facts ofCustomer() {
        String evidence = word("evidence").equals("seen") ? "the customer was read as ours" : "";
        String relationship = word("relationship");
        return switch (relationship) {
            case "not-ours" -> new Facts.NotOurCustomer(NOW, "403/20002", evidence);
            case "no-customer" -> new Facts.NoCustomer(NOW, "404/60003");
            case "unreadable" -> new Facts.Unreadable(NOW, "not JSON");
            default ->
                new Facts.OfCustomer(
                        NOW,
                        Given.contoso(relationship.equals("missing") ? null : relationship),
                        word("subscription").equals("none") ? List.of() : List.of(subscription()),
                        entitlements(),
                        word("lists").equals("whole"),
                        evidence);
        };
    }

    private List<Entitlement> entitlements() {
        return switch (word("entitlement")) {
            case "none" -> List.of();
            case "missing" -> List.of(Given.reservation("", ""));
            case "virtual_machine_reserved_instance" ->
                List.of(Given.reservation("virtual_machine_reserved_instance", "PrefulfillmentPending"));
            case String type -> List.of(Given.reservation(type, ""));
        };
    }
}

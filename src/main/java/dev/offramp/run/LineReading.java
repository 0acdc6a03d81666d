package dev.offramp.run;

import dev.offramp.ledger.Admission;
import dev.offramp.offboarding.Operation;
import dev.offramp.request.RowScreening;
import dev.offramp.request.RowScreening.Judged;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Makes a row of a line's text and has it judged. Never throws: a line is good or bad. */
final class LineReading {

    private static final int LONGEST_ORDER = 100;

    private static final char REPLACED = '\uFFFD';

    private final Layout layout;
    private final String run;
    private final long runNumber;
    private final RowScreening.Origin origin;
    private final RowScreening screening;

    LineReading(Layout layout, Run run, RowScreening.Origin origin, RowScreening screening) {
        this.layout = layout;
        this.run = run.name();
        this.runNumber = run.number();
        this.origin = origin;
        this.screening = screening;
    }

    Line read(String text, long number, boolean cut) {
        return new Line(number, text, judge(text, number, cut));
    }

    private Judged judge(String text, long number, boolean cut) {
        if (cut) {
            return new Judged.Bad("The line is longer than %d characters%s. Nothing of it was read."
                    .formatted(
                            text.length(),
                            layout.kind() == Layout.Kind.CSV
                                    ? ", perhaps because a quote in it is never closed: the lines after it then count as part of it"
                                    : ""));
        }
        if (text.indexOf(REPLACED) >= 0) {
            return new Judged.Bad(
                    "The line holds bytes that are not %s (shown as %c). Save the file in UTF-8 or UTF-16."
                            .formatted(layout.charset(), REPLACED));
        }
        return switch (layout.kind()) {
            case CSV -> csv(text, number);
            case JSON_LINES -> json(text, number);
        };
    }

    private Judged csv(String text, long number) {
        return switch (Csv.parse(text, layout.separator().charAt(0))) {
            case Csv.Parsed.Fault(var sentence) -> new Judged.Bad(sentence);
            case Csv.Parsed.Cells(var cells) -> {
                if (cells.size() != layout.columns().size()) {
                    yield new Judged.Bad(
                            "The line has %d cells and the header %d. Write one cell per column, empty where there is nothing to say."
                                    .formatted(cells.size(), layout.columns().size()));
                }
                yield row(Columns.said(layout.columns(), cells), number);
            }
        };
    }

    private Judged json(String text, long number) {
        var parsed = RowScreening.parse(text);
        if (!(parsed.tree() instanceof ObjectNode said)) {
            return new Judged.Bad(
                    parsed.fault() == null
                            ? "The line is JSON but no object. Write one object per line."
                            : parsed.fault());
        }
        said.remove(Columns.REJECTED);
        said.remove(Columns.LINE);
        return row(said, number);
    }

    private Judged row(ObjectNode said, long number) {
        var named = said.remove(Columns.ID);
        if (named != null && !named.isString()) {
            return new Judged.Bad("'id' is %s; it must be a text.".formatted(RowScreening.cited(named.toString())));
        }
        var id = named == null ? derived(said) : Optional.of(named.stringValue());
        if (id.isEmpty()) {
            // The schema says better what is missing or wrong.
            return screening.judge(said, "none", "none", new Admission.Line(runNumber, number), origin);
        }
        return screening.judge(said, id.get(), keptAs(id.get()), new Admission.Line(runNumber, number), origin);
    }

    /** From run, operation and target. */
    private Optional<String> derived(ObjectNode said) {
        var member = origin.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP ? "customerId" : "subscriptionId";
        @Nullable String target = said.path(member).stringValue(null);
        if (target == null) {
            return order(said).map(this::derived);
        }
        return target.length() == 36 ? Optional.of(derived(target.toLowerCase(Locale.ROOT))) : Optional.empty();
    }

    private String derived(String target) {
        return "%s/%s/%s".formatted(run, origin.operation().word(), target);
    }

    /** Upper and lower case are different letters in an order's id. */
    private static Optional<String> order(ObjectNode said) {
        @Nullable String order = said.path("orderId").stringValue(null);
        var line = said.path("orderLineItem");
        if (order == null || order.length() > LONGEST_ORDER || !line.isMissingNode() && !line.canConvertToInt()) {
            return Optional.empty();
        }
        return Optional.of(line.isMissingNode() ? order : order + "/" + line.intValue());
    }

    /** What a plan looked at must be new when it is asked for in earnest. */
    private String keptAs(String id) {
        return origin.plan() ? "plan:%s:%s".formatted(run, id) : id;
    }
}

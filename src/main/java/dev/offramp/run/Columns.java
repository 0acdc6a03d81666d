package dev.offramp.run;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The columns that a CSV file may have, and what they mean in a message's data. */
final class Columns {

    static final String ID = "id";

    /** What a reject file says besides: such a file can be corrected and handed over as it is. */
    static final String REJECTED = "rejected";

    static final String LINE = "line";

    private static final String ORDER_LINE_ITEM = "orderLineItem";

    private static final String NUMBER = "[0-9]{1,9}";

    /** In the order of the documentation. */
    static final List<String> ALL = List.of(
            ID,
            "customerId",
            "subscriptionId",
            "orderId",
            ORDER_LINE_ITEM,
            "reason",
            "requestedBy",
            "reference",
            "group",
            "notBefore",
            "notAfter",
            "expect.offerId",
            "expect.quantity",
            "expect.customerDomain",
            "expect.customerName",
            "ifWindowClosed",
            "onActiveSubscriptions",
            "onActiveAzureSubscriptions",
            "partnerTenantId");

    private static final Map<String, Boolean> IGNORED = Map.of(REJECTED, true, LINE, true);

    private Columns() {}

    static boolean isKnown(String column) {
        return ALL.contains(column) || IGNORED.containsKey(column);
    }

    /** The known column that is most like it. */
    static String nearest(String column) {
        return ALL.stream()
                .min(java.util.Comparator.comparingInt(
                        each -> distance(each.toLowerCase(java.util.Locale.ROOT), column)))
                .orElseThrow();
    }

    /** What the cells of a row say; an empty cell says nothing. Those of a reject file may have an apostrophe more. */
    static ObjectNode said(List<String> columns, List<String> cells) {
        var isRejectFile = columns.contains(REJECTED);
        var said = JsonNodeFactory.instance.objectNode();
        for (var at = 0; at < columns.size(); at++) {
            var column = columns.get(at);
            var cell = isRejectFile ? Csv.fromText(cells.get(at)) : cells.get(at);
            if (cell.isEmpty() || IGNORED.containsKey(column)) {
                continue;
            }
            if (!column.startsWith("expect.")) {
                if (column.equals(ORDER_LINE_ITEM) && cell.matches(NUMBER)) {
                    said.put(column, Integer.parseInt(cell));
                } else {
                    said.put(column, cell);
                }
                continue;
            }
            var expect = said.withObject("/expect");
            var member = column.substring("expect.".length());
            if (member.equals("quantity") && cell.matches(NUMBER)) {
                expect.put(member, Integer.parseInt(cell));
            } else {
                expect.put(member, cell);
            }
        }
        return said;
    }

    private static int distance(String known, String given) {
        var wanted = given.toLowerCase(java.util.Locale.ROOT);
        var row = new int[wanted.length() + 1];
        for (var j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (var i = 1; i <= known.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.length; j++) {
                int cost = known.charAt(i - 1) == wanted.charAt(j - 1) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.min(cost, Math.min(row[j - 1], diagonal) + 1);
            }
        }
        return row[row.length - 1];
    }
}

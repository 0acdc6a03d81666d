package dev.offramp.offboarding;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Software that a request names by the order it was bought with, because no list of subscriptions shows it.
 *
 * @param order the order's id, as Partner Center spells it: upper and lower case are different letters
 * @param line the number of the one line that is meant; null for all lines
 */
public record OrderTarget(String order, @Nullable Integer line) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    public OrderTarget {
        if (!isId(order)) {
            throw new IllegalArgumentException("'%s' is no order's id".formatted(order));
        }
        if (line != null && line < 0) {
            throw new IllegalArgumentException("An order has no line " + line);
        }
    }

    /** Whether an order can have this id. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether both mean something in common. */
    boolean overlaps(OrderTarget other) {
        return order.equals(other.order) && (line == null || other.line == null || line.equals(other.line));
    }

    /** For sentences: "order x" or "line 0 of order x". */
    @Override
    public String toString() {
        return line == null ? "order " + order : "line %d of order %s".formatted(line, order);
    }
}

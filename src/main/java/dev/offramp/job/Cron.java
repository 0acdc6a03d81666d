package dev.offramp.job;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks the five fields of a schedule: minute, hour, day of month, month, day of week, as a Kubernetes CronJob takes
 * them. What is wrong is said at the start and not first when nothing happens.
 */
final class Cron {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> WEEKDAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final int[] LONGEST = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Cron() {}

    private enum Field {
        MINUTE("minute", 0, 59, List.of()),
        HOUR("hour", 0, 23, List.of()),
        DAY_OF_MONTH("day of month", 1, 31, List.of()),
        MONTH("month", 1, 12, MONTHS),
        DAY_OF_WEEK("day of week", 0, 6, WEEKDAYS);

        private final String word;
        private final int least;
        private final int most;
        private final List<String> names;

        Field(String word, int least, int most, List<String> names) {
            this.word = word;
            this.least = least;
            this.most = most;
            this.names = names;
        }
    }

    /** What is wrong with it, in a sentence; empty when it is right. */
    static Optional<String> complaint(String cron) {
        var written = cron.strip().split("\\s+");
        if (written.length != Field.values().length) {
            return Optional.of(
                    "'%s' has %d fields; write five: minute, hour, day of month, month, day of week, e.g. '0 2 * * *'."
                            .formatted(cron, written.length));
        }
        var values = new ArrayList<BitSet>();
        for (var field : Field.values()) {
            try {
                values.add(valuesOf(field, written[field.ordinal()]));
            } catch (IllegalArgumentException e) {
                return Optional.of("'%s' in '%s' is no %s: %s"
                        .formatted(written[field.ordinal()], cron, field.word, e.getMessage()));
            }
        }
        return everComes(written, values)
                ? Optional.empty()
                : Optional.of("'%s' names a day that no month has, so that it never fires.".formatted(cron));
    }

    private static BitSet valuesOf(Field field, String list) {
        var values = new BitSet();
        for (var part : list.split(",", -1)) {
            var rangeAndStep = part.split("/", -1);
            if (rangeAndStep.length > 2) {
                throw new IllegalArgumentException("write one step at most, e.g. '*/15'.");
            }
            int step = rangeAndStep.length == 1 ? 1 : number(rangeAndStep[1]);
            if (step < 1) {
                throw new IllegalArgumentException("a step must be 1 or more.");
            }
            int from = field.least;
            int until = field.most;
            if (!rangeAndStep[0].equals("*") && !rangeAndStep[0].equals("?")) {
                var ends = rangeAndStep[0].split("-", -1);
                if (ends.length > 2) {
                    throw new IllegalArgumentException("write a range as 'from-until'.");
                }
                from = value(field, ends[0]);
                until = ends.length == 2 ? value(field, ends[1]) : rangeAndStep.length == 2 ? field.most : from;
                if (until < from) {
                    throw new IllegalArgumentException("a range must not end before it begins.");
                }
            }
            for (int value = from; value <= until; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int value(Field field, String written) {
        int name = field.names.indexOf(written.toLowerCase(Locale.ROOT));
        int value = name >= 0 ? field.least + name : number(written);
        if (value < field.least || value > field.most) {
            throw new IllegalArgumentException("write %d to %d.".formatted(field.least, field.most));
        }
        return value;
    }

    private static int number(String written) {
        if (!written.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("'%s' is no number.".formatted(written));
        }
        return Integer.parseInt(written);
    }

    /** A day of month that the months named do not have comes only if a day of the week is named beside it. */
    private static boolean everComes(String[] written, List<BitSet> values) {
        if (!isAny(written[Field.DAY_OF_WEEK.ordinal()])) {
            return true;
        }
        int firstDay = values.get(Field.DAY_OF_MONTH.ordinal()).nextSetBit(0);
        return values.get(Field.MONTH.ordinal()).stream().anyMatch(month -> LONGEST[month - 1] >= firstDay);
    }

    private static boolean isAny(String field) {
        return field.equals("*") || field.equals("?");
    }
}

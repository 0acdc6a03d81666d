package dev.offramp.offboarding;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much may be touched without a person: a number, a share of the customer base, or the larger of both. Written
 * {@code 20}, {@code 1%} or {@code 20 or 1%}.
 *
 * @param number what counts whatever the base is; 0 when only a share is said
 * @param percent the share of the customer base; null when only a number is said
 */
public record Limit(int number, @Nullable BigDecimal percent) {

    private static final Pattern WRITTEN =
            Pattern.compile("(?<number>\\d{1,9})|(?:(?<least>\\d{1,9}) or )?(?<percent>\\d{1,3}(?:\\.\\d{1,4})?) ?%");

    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    public Limit {
        if (number < 0) {
            throw new IllegalArgumentException("A limit of %d is none; write 0 or more.".formatted(number));
        }
        if (percent != null) {
            if (percent.signum() < 0 || percent.compareTo(ALL) > 0) {
                throw new IllegalArgumentException(
                        "A limit of %s%% is none; write 0%% to 100%%.".formatted(percent.toPlainString()));
            }
            percent = percent.signum() == 0 ? BigDecimal.ZERO : percent.stripTrailingZeros();
        }
    }

    public static Limit of(int number) {
        return new Limit(number, null);
    }

    /** @throws IllegalArgumentException when it is written in another way */
    public static Limit of(String written) {
        var parts = WRITTEN.matcher(written.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no limit; write a number, a share of the customer base, or both: 20, 1%% or '20 or 1%%'."
                            .formatted(written));
        }
        if (parts.group("number") != null) {
            return of(Integer.parseInt(parts.group("number")));
        }
        String least = parts.group("least");
        return new Limit(least == null ? 0 : Integer.parseInt(least), new BigDecimal(parts.group("percent")));
    }

    /** Whether the customer base must be known for all of it to count. */
    public boolean needsBase() {
        return percent != null;
    }

    /**
     * What it comes to; a part of a customer is none.
     *
     * @param base how many customers there are; where nobody knows, only the number counts
     */
    public long allowed(OptionalLong base) {
        return percent == null || base.isEmpty()
                ? number
                : Math.max(
                        number,
                        percent.multiply(BigDecimal.valueOf(base.getAsLong()))
                                .divide(ALL, 0, RoundingMode.DOWN)
                                .longValueExact());
    }

    @Override
    public String toString() {
        if (percent == null) {
            return String.valueOf(number);
        }
        return (number == 0 ? "" : number + " or ") + percent.toPlainString() + "%";
    }
}

package dev.offramp.safety;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The customer base as it was configured, or else as it was counted last. */
final class JdbcCustomerBase implements CustomerBase {

    private final JdbcClient jdbc;
    private final @Nullable Long configured;
    private final boolean needed;

    /**
     * @param configured what a person has said; null: it is counted
     * @param needed whether any budget goes by it
     */
    JdbcCustomerBase(JdbcClient jdbc, @Nullable Long configured, boolean needed) {
        this.jdbc = jdbc;
        this.configured = configured;
        this.needed = needed;
    }

    @Override
    public Optional<Size> size(Instant now) {
        return configured != null ? Optional.of(Size.configured(configured)) : CustomerBase.believed(counts(), now);
    }

    @Override
    public boolean wantsCount(Instant now) {
        if (configured != null || !needed) {
            return false;
        }
        List<Count> counts = counts();
        return counts.isEmpty() || !counts.getFirst().at().plus(AGAIN_AFTER).isAfter(now);
    }

    @Override
    public Size counted(long customers, Instant now) {
        jdbc.sql("insert into customer_count (customers, counted_at) values (:customers, :now)")
                .param("customers", customers)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        return CustomerBase.believed(counts(), now).orElseThrow();
    }

    private List<Count> counts() {
        return jdbc.sql("""
                        select customers, counted_at
                          from customer_count
                         order by number desc
                         limit 2
                        """)
                .query((row, _) -> new Count(
                        row.getLong("customers"),
                        Objects.requireNonNull(row.getObject("counted_at", OffsetDateTime.class))
                                .toInstant()))
                .list();
    }
}

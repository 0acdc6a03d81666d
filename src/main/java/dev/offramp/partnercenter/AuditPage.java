package dev.offramp.partnercenter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of audit records.
 *
 * @param continuation what asks for the next page; null at the end
 * @param total {@code totalCount}; the documents leave open whether it counts this page or all of them; null when missing
 * @param complete false when something in it is no record, or when there is a next page that cannot be asked for
 */
public record AuditPage(
        List<AuditRecord> records,
        @Nullable Integer total,
        @Nullable String continuation,
        boolean complete) {

    public AuditPage {
        records = List.copyOf(records);
    }
}

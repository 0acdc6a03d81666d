package dev.offramp.partnercenter;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Partner Center's own records of what was changed, by whomever. */
public interface AuditRecords {

    /**
     * {@code GET /v1/auditrecords}, app-only; a page of at most 500. The documents leave open how soon a record appears.
     *
     * @param from at most 90 days ago
     * @param until the last day that is asked for
     * @param continuation what the page before named; null for the first page
     * @see <a
     *     href="https://learn.microsoft.com/partner-center/developer/get-a-record-of-partner-center-activity-by-user">Audit
     *     records</a>
     */
    Read<AuditPage> auditRecords(LocalDate from, LocalDate until, @Nullable String continuation);
}

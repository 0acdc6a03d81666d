package dev.offramp.reconcile;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.AuditPage;
import dev.offramp.partnercenter.AuditRecord;
import dev.offramp.partnercenter.AuditRecords;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the audit records of some days, page by page, at the pace that is left. What is not whole is not read. */
final class RecordReading {

    /** Five million records; whoever names more pages goes in a circle. */
    private static final int MOST_PAGES = 10_000;

    private final AuditRecords records;
    private final Pace pace;
    private final CustomerId partner;
    private final Predicate<Duration> pause;

    /** @param pause waits, and says whether to go on */
    RecordReading(AuditRecords records, Pace pace, PartnerTenantId partner, Predicate<Duration> pause) {
        this.records = records;
        this.pace = pace;
        this.partner = CustomerId.of(partner.value());
        this.pause = pause;
    }

    /** What came of it. */
    sealed interface Result {

        record Whole(List<AuditRecord> records) implements Result {}

        record NotRead(String why) implements Result {}
    }

    /** @param renew called after each page */
    Result read(LocalDate from, LocalDate until, Runnable renew) {
        // One that comes while the pages are turned moves the others on: what was the last on one page comes again on
        // the next.
        Set<AuditRecord> all = new LinkedHashSet<>();
        int seen = 0;
        @Nullable String continuation = null;
        for (int number = 1; number <= MOST_PAGES; number++) {
            if (!awaitTurn()) {
                return new Result.NotRead("the service is being stopped");
            }
            switch (records.auditRecords(from, until, continuation)) {
                case Read.Found<AuditPage>(AuditPage page) -> {
                    all.addAll(page.records());
                    seen += page.records().size();
                    continuation = page.continuation();
                    if (!page.complete() || continuation == null && !isCounted(page, seen)) {
                        return new Result.NotRead("page %d of the audit records is not complete".formatted(number));
                    }
                    if (continuation == null) {
                        return new Result.Whole(List.copyOf(all));
                    }
                    renew.run();
                }
                case Read.Throttled<AuditPage> slow -> {
                    pace.hold(ResourceClass.AUDIT, slow.retryAfter());
                    if (!pause.test(slow.retryAfter())) {
                        return new Result.NotRead("the service is being stopped");
                    }
                    renew.run();
                }
                case Read.Unavailable<AuditPage>(String cause, var _) -> {
                    return new Result.NotRead(cause);
                }
                case Read.Unreadable<AuditPage>(String what, var _) -> {
                    return new Result.NotRead(what);
                }
                case Read.Denied<AuditPage> denied -> {
                    return new Result.NotRead("the sign-in is not enough: " + denied.denial());
                }
                case Read.Missing<AuditPage> _, Read.NotOurCustomer<AuditPage> _ -> {
                    return new Result.NotRead("Partner Center knows no audit records");
                }
            }
        }
        return new Result.NotRead("the list of audit records does not end");
    }

    /** The last page says how many records it has, or how many all pages have. */
    private static boolean isCounted(AuditPage last, int seen) {
        var total = last.total();
        return total != null && (total == last.records().size() || total == seen);
    }

    private boolean awaitTurn() {
        Pace.Reservation turn = pace.reserve(partner, List.of(ResourceClass.AUDIT));
        for (Duration wait = turn.remaining(); wait.isPositive(); wait = turn.remaining()) {
            if (!pause.test(wait)) {
                turn.giveBack(List.of(ResourceClass.AUDIT));
                return false;
            }
        }
        return true;
    }
}

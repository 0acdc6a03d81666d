package dev.offramp.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the journal of comparisons to the log, and counts. */
final class LoggingReconcileJournal implements ReconcileJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingReconcileJournal.class);

    private final Optional<MeterRegistry> metrics;

    LoggingReconcileJournal(Optional<MeterRegistry> metrics) {
        this.metrics = metrics;
    }

    @Override
    public void compared(Reconciliation asked, Findings findings) {
        count("matched", findings.matched());
        count("without-request", findings.withoutRequest().size());
        count("missing", findings.missing().size());
        count("late", findings.late().size());
        if (!findings.withoutRequest().isEmpty()) {
            var first = findings.withoutRequest().getFirst();
            log.warn(
                    "{} effects of {} in Partner Center's audit records are not explained by any call of this service, first {} of customer {} by {} at {}: somebody else caused them. bin/offramp reconcile show {} lists them; a person must look.",
                    findings.withoutRequest().size(),
                    asked.day(),
                    first.effect(),
                    first.customerId(),
                    first.who().isEmpty() ? "nobody named" : first.who(),
                    first.at(),
                    asked.number());
        }
        if (!findings.missing().isEmpty()) {
            var first = findings.missing().getFirst();
            log.warn(
                    "{} effects of {} that the ledger tells are not in Partner Center's audit records, first {} of customer {} for request {}: bin/offramp reconcile show {} lists them; a person must look at them in Partner Center.",
                    findings.missing().size(),
                    asked.day(),
                    first.effect(),
                    first.customerId(),
                    first.request(),
                    asked.number());
        }
        if (!findings.wantPerson()) {
            log.info(
                    "{} was compared with Partner Center's audit records: {} effects agree, {} records may still come.",
                    asked.day(),
                    findings.matched(),
                    findings.late().size());
        }
    }

    private void count(String what, int number) {
        metrics.ifPresent(registry ->
                registry.counter("offramp.reconcile.effects", "what", what).increment(number));
    }

    @Override
    public void notCompared(Reconciliation asked, String why, boolean givenUp) {
        if (givenUp) {
            log.warn(
                    "{} could not be compared with Partner Center's audit records ({}) and is not tried any more: when that is mended, bin/offramp reconcile --day {} asks for it again.",
                    asked.day(),
                    why,
                    asked.day());
        } else {
            log.info(
                    "{} cannot be compared with Partner Center's audit records now ({}): it is tried again.",
                    asked.day(),
                    why);
        }
    }

    @Override
    public void failed(RuntimeException cause) {
        log.warn(
                "The comparison with Partner Center's audit records stopped ({}): it goes on with the next look.",
                cause.toString());
    }
}

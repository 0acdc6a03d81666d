package dev.offramp.batch;

import dev.offramp.safety.CustomerBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the counting of customers. */
final class LoggingCountJournal implements CountJournal {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingCountJournal.class);

    @Override
    public void counted(CustomerBase.Size size) {
        if (size.doubted() == null) {
            LOG.info("The partner has {} customers; budgets that are a share of them go by it.", size.customers());
        } else {
            LOG.warn(
                    "Counted {} customers, which is far from the count before: budgets go by {} until the next count.",
                    size.doubted(),
                    size.customers());
        }
    }

    @Override
    public void notCounted(String why) {
        LOG.warn(
                "The partner's customers could not be counted: {}. It tries again every 10 minutes; budgets go by the last count for 7 days, then by their numbers alone.",
                why);
    }

    @Override
    public void failed(RuntimeException bug) {
        LOG.error("Counting the partner's customers failed; it tries again in 10 minutes.", bug);
    }
}

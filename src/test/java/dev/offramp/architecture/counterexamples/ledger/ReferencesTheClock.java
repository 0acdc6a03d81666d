package dev.offramp.architecture.counterexamples.ledger;

import java.time.LocalDate;
import java.util.function.Supplier;

/** Asks the clock without a call that is seen at once. */
public final class ReferencesTheClock {

    Supplier<LocalDate> today = LocalDate::now;
}

package dev.offramp.architecture.counterexamples.batch;

import dev.offramp.architecture.counterexamples.partnercenter.Permit;
import java.util.function.Supplier;

/** Goes round the gate by a reference. */
public final class ReferencesThePermitsConstructor {

    Supplier<Permit> permits = Permit::new;
}

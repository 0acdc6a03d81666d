package dev.offramp.architecture.counterexamples.batch;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Has its parts put into fields. */
public final class WaitsInAField {

    @Autowired
    @Nullable
    String name;
}

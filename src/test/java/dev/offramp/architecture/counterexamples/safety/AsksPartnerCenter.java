package dev.offramp.architecture.counterexamples.safety;

import dev.offramp.architecture.counterexamples.partnercenter.PartnerCenter;
import org.jspecify.annotations.Nullable;

/** Knows more of Partner Center than the permit. */
public final class AsksPartnerCenter {

    @Nullable
    PartnerCenter partnerCenter;
}

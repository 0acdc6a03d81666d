package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.YESTERDAY;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Refund;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What an outcome says about money. */
class RefundNoteTests {

    @Test
    void saysNothingWhenTheSubscriptionDoesNot() {
        assertThat(RefundNote.of(licence("active").build(), NOW)).isEmpty();
    }

    @Test
    void prefersAFullRefundThatStillLasts() {
        Subscription both = licence("active")
                .refunds(new Refund("Partial", NEXT_YEAR), new Refund("Full", TOMORROW))
                .build();
        assertThat(RefundNote.of(both, NOW)).contains(new RefundNote("full", TOMORROW, null));
        assertThat(RefundNote.of(both, TOMORROW)).contains(new RefundNote("partial", NEXT_YEAR, null));
        assertThat(RefundNote.of(both, NEXT_YEAR)).contains(new RefundNote("none", null, null));
    }

    @Test
    void knowsPromisesWithoutAnEnd() {
        Subscription endless = licence("active")
                .refunds(new Refund("Full", TOMORROW), new Refund("Full", null))
                .build();
        assertThat(RefundNote.of(endless, NOW)).contains(new RefundNote("full", null, null));
    }

    /** The documented licence: full until the next midnight, one licence refundable for ten days. */
    @Test
    void readsTheDocumentedLicence() {
        Instant midnight = Instant.parse("2021-01-15T00:00:00Z");
        Instant dayTen = Instant.parse("2021-01-24T20:39:17.182697Z");
        Subscription documented = licence("active")
                .refunds(new Refund("Full", midnight))
                .refundable(1, dayTen)
                .build();
        assertThat(RefundNote.of(documented, Instant.parse("2021-01-14T18:00:00Z")))
                .contains(new RefundNote("full", midnight, 1));
        assertThat(RefundNote.of(documented, Instant.parse("2021-01-20T00:00:00Z")))
                .contains(new RefundNote("partial", dayTen, 1));
        assertThat(RefundNote.of(documented, dayTen)).contains(new RefundNote("none", null, null));
    }

    @Test
    void forgetsLicencesThatAreNotRefundableAnyMore() {
        Subscription over = licence("active").refundable(3, YESTERDAY).build();
        assertThat(RefundNote.of(over, NOW)).contains(new RefundNote("none", null, null));
    }
}

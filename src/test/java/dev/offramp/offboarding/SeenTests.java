package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.CONTOSO;
import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a read tells of a call whose reply nobody has. */
class SeenTests {

    @ParameterizedTest(name = "{0} of one that is {1} and renews: {2}")
    @CsvSource({
        "CANCEL,         deleted,   true,  EFFECT",
        "CANCEL,         active,    true,  NO_EFFECT",
        "CANCEL,         pending,   true,  CANNOT_TELL",
        "SUSPEND,        suspended, true,  EFFECT",
        "SUSPEND,        active,    true,  NO_EFFECT",
        "SUSPEND,        deleted,   true,  NO_EFFECT",
        "SUSPEND,        pending,   true,  CANNOT_TELL",
        "SUSPEND,        paused,    true,  CANNOT_TELL",
        "SUSPEND,        ,          true,  CANNOT_TELL",
        "REACTIVATE,     active,    true,  EFFECT",
        "REACTIVATE,     suspended, true,  NO_EFFECT",
        "REACTIVATE,     pending,   true,  CANNOT_TELL",
        "AUTO_RENEW_OFF, active,    false, EFFECT",
        "AUTO_RENEW_OFF, active,    true,  NO_EFFECT",
        "AUTO_RENEW_OFF, active,    ,      CANNOT_TELL",
        "AUTO_RENEW_ON,  active,    true,  EFFECT",
        "AUTO_RENEW_ON,  active,    false, NO_EFFECT",
        "AUTO_RENEW_ON,  active,    ,      CANNOT_TELL"
    })
    void seesAChangeInWhatItChanges(Change change, @Nullable String status, @Nullable Boolean renews, Seen seen) {
        var read = licence("active").status(status).renewing(renews, NEXT_YEAR).read();

        assertThat(Seen.afterChange(LICENCE, change, read)).isEqualTo(seen);
    }

    @ParameterizedTest
    @EnumSource
    void seesNoChangeInWhatItIsNotOf(Change change) {
        assertThat(Stream.of("active", "suspended", "deleted")
                        .map(each -> Seen.afterChange(
                                OTHER,
                                change,
                                licence(each)
                                        .renewing(change == Change.AUTO_RENEW_ON, NEXT_YEAR)
                                        .read())))
                .containsOnly(Seen.CANNOT_TELL);
        assertThat(Seen.afterChange(LICENCE, change, new Facts.NoSubscription(NOW, "404/20003")))
                .isEqualTo(Seen.CANNOT_TELL);
    }

    @ParameterizedTest(name = "of an order that is {0} with {1} and {2}: {3}; of its second line: {4}")
    @CsvSource({
        "completed, 3, 5, NO_EFFECT,   NO_EFFECT",
        "completed, 3, 0, NO_EFFECT,   EFFECT",
        "completed, 0, 0, EFFECT,      EFFECT",
        "completed, 0, 5, NO_EFFECT,   NO_EFFECT",
        "completed, 0, ,  CANNOT_TELL, CANNOT_TELL",
        "completed, , 0,  CANNOT_TELL, EFFECT",
        "cancelled, 3, 5, EFFECT,      EFFECT",
        "Canceled,  3, 5, EFFECT,      EFFECT",
        "pending,   0, 0, CANNOT_TELL, CANNOT_TELL",
        "strange,   0, 0, CANNOT_TELL, CANNOT_TELL"
    })
    void seesACancelledOrderInItsStatusOrItsQuantities(
            String status, @Nullable Integer first, @Nullable Integer second, Seen all, Seen ofTheSecond) {
        var facts =
                new Facts.OfOrder(NOW, new SoftwareOrder("order-1", status, List.of(line(0, first), line(1, second))));

        assertThat(Seen.afterOrder("order-1", null, facts)).isEqualTo(all);
        assertThat(Seen.afterOrder("order-1", 1, facts)).isEqualTo(ofTheSecond);
    }

    @Test
    void seesNothingOfAnOrderInAnotherOneOrWithoutTheLine() {
        var facts = new Facts.OfOrder(NOW, new SoftwareOrder("order-1", "completed", List.of(line(0, 0))));
        var cancelled = new Facts.OfOrder(NOW, new SoftwareOrder("order-2", "cancelled", List.of()));

        assertThat(Seen.afterOrder("order-1", null, cancelled)).isEqualTo(Seen.CANNOT_TELL);
        assertThat(Seen.afterOrder("order-1", 7, facts)).isEqualTo(Seen.CANNOT_TELL);
        assertThat(Seen.afterOrder("order-1", null, licence("deleted").read())).isEqualTo(Seen.CANNOT_TELL);
        assertThat(Seen.afterOrder(
                        "order-1", null, new Facts.OfOrder(NOW, new SoftwareOrder("order-1", "completed", List.of()))))
                .isEqualTo(Seen.CANNOT_TELL);
    }

    @Test
    void seesAnAzureSubscriptionInTheListUnderItsPlan() {
        var under =
                List.of(new AzureSubscription("one", "One", "Inactive"), new AzureSubscription("two", "Two", "active"));

        assertThat(Seen.afterAzure("one", under)).isEqualTo(Seen.EFFECT);
        assertThat(Seen.afterAzure("two", under)).isEqualTo(Seen.NO_EFFECT);
        assertThat(Seen.afterAzure("three", under)).isEqualTo(Seen.CANNOT_TELL);
    }

    @Test
    void seesNoUnlinkInAnotherCustomerOrInAnythingElse() {
        var another = CustomerId.of("00000000-1111-4222-8333-444444444444");

        assertThat(Seen.afterUnlink(
                        another, new Facts.OfCustomer(NOW, Given.contoso("none"), List.of(), List.of(), true)))
                .isEqualTo(Seen.CANNOT_TELL);
        assertThat(Seen.afterUnlink(CONTOSO, licence("deleted").read())).isEqualTo(Seen.CANNOT_TELL);
    }

    private static SoftwareOrder.Line line(int number, @Nullable Integer quantity) {
        return new SoftwareOrder.Line(number, "DG7GMGF0D5RK:0002", null, quantity);
    }
}

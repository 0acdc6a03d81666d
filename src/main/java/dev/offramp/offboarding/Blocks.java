package dev.offramp.offboarding;

import java.util.List;

/** Refusals in the words that several rules share. */
final class Blocks {

    private Blocks() {}

    static Verdict because(Reason reason, String message, String advice) {
        return new Verdict.Blocked(reason, message, advice, List.of(), null);
    }

    static Verdict unknownState(String what) {
        return because(
                Reason.UNKNOWN_STATE,
                what + " Nothing is changed on such ground.",
                "Look at it in Partner Center; when it is understood, send a new request.");
    }

    static Verdict unreadable(Facts.Unreadable strange) {
        return unknownState("Partner Center's answer could not be understood: %s.".formatted(strange.what()));
    }

    static Verdict notOurs(Facts.NotOurCustomer not) {
        return because(
                Reason.NOT_OUR_CUSTOMER,
                "There is no reseller relationship with the customer (%s).".formatted(not.answer()),
                "Check the customer's id and the partner tenant.");
    }

    static Verdict customerNotFound(Facts.NoCustomer none) {
        return because(
                Reason.CUSTOMER_NOT_FOUND,
                "There is no such customer (%s).".formatted(none.answer()),
                "Check the customer's id.");
    }
}

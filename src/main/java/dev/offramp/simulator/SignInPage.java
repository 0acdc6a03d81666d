package dev.offramp.simulator;

/** The page on which a person would sign in. */
final class SignInPage {

    private SignInPage() {}

    /** @param target path and query of the sign-in, to which the answers are added */
    static String asking(String target, String client) {
        String link = Page.escaped(target);
        return Page.of("Sign in", """
                <p>The application <code>%s</code> asks to act for you in the simulated Partner Center.</p>
                <p class="choices">
                <a class="button" href="%2$s&amp;simulator=approved">Sign in as Admin Agent</a>
                <a href="%2$s&amp;simulator=password">Sign in without a second factor</a>
                <a href="%2$s&amp;simulator=declined">Decline</a>
                </p>
                """.formatted(Page.escaped(client), link));
    }

    static String device() {
        return Page.of("Enter a device code", """
                <p>Sign in every application that shows a code at this moment. Then go back to it.</p>
                <form class="choices" method="post" action="/simulator/device/approve">
                <button>Sign in as Admin Agent</button>
                <button formaction="/simulator/device/decline" class="quiet">Decline</button>
                </form>
                """);
    }

    static String refused(String sentence) {
        return Page.of("Sign-in is not possible", "<p>%s</p>".formatted(Page.escaped(sentence)));
    }
}

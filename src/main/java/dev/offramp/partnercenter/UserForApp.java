package dev.offramp.partnercenter;

/**
 * When the sign-in of a user does what the app alone is refused. Every call of ours is documented for app + user too; the
 * user's token is then used for the refused kind of call only.
 */
enum UserForApp {
    /** Never: what the app alone may not do waits. */
    NEVER,
    /** When Partner Center says that the call is not for the app alone (403/900329). */
    DOCUMENTED,
    /** Also when it wants a second factor of the app, which no document explains. */
    ANY;

    boolean allows(Answer answer) {
        return switch (this) {
            case NEVER -> false;
            case DOCUMENTED ->
                ErrorCatalogue.of(answer.httpStatus(), answer.code()).meaning()
                        == ErrorCatalogue.Meaning.NOT_FOR_APP_ALONE;
            case ANY -> true;
        };
    }
}

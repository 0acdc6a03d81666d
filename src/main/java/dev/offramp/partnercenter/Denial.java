package dev.offramp.partnercenter;

/** Why we may not. */
public enum Denial {
    /** No usable token for the app itself: secret, certificate or tenant. */
    APP_SIGN_IN,
    /** No usable token for app + user: a person must sign in. */
    USER_SIGN_IN,
    /** The token is good but the app's role or our programme is not: nothing can be done for any customer. */
    PERMISSION,
    /** The signed-in user lacks the role: only what needs app + user cannot be done. */
    USER_PERMISSION,
    /** The app alone is refused this kind of call, which is made as the signed-in user from now on. */
    APP_ALONE,
    /** This one customer is closed to us; for others we may fare well. */
    CUSTOMER_ACCESS
}

package dev.offramp.partnercenter;

/** Why we may not. */
public enum Denial {
    /** No usable token for the app itself: secret, certificate or tenant. */
    APP_SIGN_IN,
    /** No usable token for app + user: a person must sign in. */
    USER_SIGN_IN,
    /** The token is good but the role or programme is not. */
    PERMISSION
}

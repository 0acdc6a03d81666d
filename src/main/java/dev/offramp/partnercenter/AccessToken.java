package dev.offramp.partnercenter;

/**
 * A token that opens Partner Center; it never prints.
 *
 * @param goodUntil the reading of the ticker from which on it is not used any more
 */
record AccessToken(String value, long goodUntil) {

    @Override
    public String toString() {
        return "AccessToken[not shown]";
    }
}

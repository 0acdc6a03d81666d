package dev.offramp.ledger;

/** What identifies a request: the CloudEvents {@code source} and {@code id}. */
public record RequestKey(String source, String id) {

    @Override
    public String toString() {
        return source + " " + id;
    }
}

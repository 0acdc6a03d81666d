package dev.offramp.offboarding;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a named person has released a request from: each guard that held it, with the sentence in which the guard said what it
 * found. A release is a permit for exactly that: a guard that later finds something else holds anew.
 *
 * @param given the sentence by the reason of the hold; empty for a release of a time when sentences were not kept, which
 *     is a release from nothing that depends on what was found
 */
public record Releases(Map<Reason, String> given) {

    public static final Releases NONE = new Releases(Map.of());

    public Releases {
        given = Map.copyOf(given);
    }

    /** From these reasons, whatever was found. */
    public static Releases from(Map<Reason, String> given) {
        return given.isEmpty() ? NONE : new Releases(given);
    }

    public Set<Reason> reasons() {
        return given.keySet();
    }

    /** Whether a person has let it go past this guard, for one that always says the same about it. */
    public boolean contains(Reason reason) {
        return given.containsKey(reason);
    }

    /** Whether a person has let it go past this guard who knew that it had found exactly this. */
    public boolean covers(Reason reason, String found) {
        return found.equals(given.get(reason));
    }

    /** Whether a person has let it go past this guard who knew that it had found this, among other things. */
    public boolean mentions(Reason reason, String found) {
        return given.getOrDefault(reason, "").contains(found);
    }

    /**
     * The same with one more; the newest of a guard counts. From protection nobody is released, however it was asked for.
     *
     * @param found what the guard said when it held the request
     */
    public Releases and(Reason reason, String found) {
        if (reason.status() != Status.HELD) {
            throw new IllegalArgumentException("Nothing is held for " + reason.word());
        }
        if (reason == Reason.PROTECTED_CUSTOMER) {
            return this;
        }
        var more = new TreeMap<>(given);
        more.put(reason, found);
        return new Releases(more);
    }
}

package dev.offramp.operations.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What somebody is to this installation. */
public enum Role {
    /** A system or person that asks for things of its own sources. */
    REQUESTER("asks in the name of its own sources, and sees and withdraws what it asked for"),
    /** Sees all that there is, and changes nothing. */
    VIEWER("sees everything but users, and changes nothing"),
    /** Runs the installation from day to day. */
    OPERATOR("viewer, and does everything but releasing held requests, signing in and changing users"),
    /** The second pair of eyes. */
    APPROVER("viewer, and releases held requests; more than 20 customers only together with a second person"),
    /** May do everything, and says who may do what; two persons it is not. */
    ADMINISTRATOR("does everything, users included, and takes a second person for as many customers as an approver");

    private final String meaning;

    Role(String meaning) {
        this.meaning = meaning;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /** What the role is for, in half a sentence. */
    public String meaning() {
        return meaning;
    }

    /** {@code viewer, operator or administrator}. */
    static String either(Collection<Role> roles) {
        String all = roles.stream().sorted().map(Role::word).collect(Collectors.joining(", "));
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
    }
}

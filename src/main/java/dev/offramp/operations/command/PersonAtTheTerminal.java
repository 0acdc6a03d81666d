package dev.offramp.operations.command;

import java.io.Console;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks at the terminal of this process. */
final class PersonAtTheTerminal implements Person {

    private static final Set<String> YES = Set.of("y", "yes");

    private final @Nullable Console console = System.console();

    @Override
    public boolean isThere() {
        return console != null && console.isTerminal();
    }

    @Override
    public boolean agrees(String question) {
        String answer = console == null ? null : console.readLine("%s", question + " [y/N] ");
        return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    @Override
    public String password(String prompt) {
        char[] typed = console == null ? null : console.readPassword("%s", prompt + ": ");
        if (typed == null || typed.length == 0) {
            throw Failure.usage("No password was given; nothing was asked of the service.");
        }
        return new String(typed);
    }
}

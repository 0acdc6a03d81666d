package dev.offramp.operations.command;

import dev.offramp.testing.SettableClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** A command line as a test types it: its own environment, a person who answers, and a clock that pauses turn. */
final class Typed {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T23:30:00Z"));
    private final Map<String, String> environment = new HashMap<>();
    private final Queue<String> answers = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();
    private Runnable whilePausing = () -> {};
    private Browser browser = _ -> false;
    private StandaloneNode.Start standalone = _ -> {
        throw new StandaloneNode.CannotStart("No node today.", null);
    };

    /** What a command printed, and how it ended. */
    record Ran(int code, String out, String err) {}

    Typed with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Sits at the terminal and says this, one answer for each question. */
    Typed answering(String... words) {
        answers.addAll(List.of(words));
        return this;
    }

    Typed whilePausing(Runnable happening) {
        whilePausing = happening;
        return this;
    }

    Typed browsing(Browser opened) {
        browser = opened;
        return this;
    }

    Typed standalone(StandaloneNode.Start start) {
        standalone = start;
        return this;
    }

    List<String> questions() {
        return questions;
    }

    Ran run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = OfframpCommand.with(
                        new Surroundings(clock, environment::get, person(), this::pause, browser, standalone))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    private void pause(Duration length) {
        clock.pass(length);
        whilePausing.run();
    }

    private Person person() {
        boolean isThere = !answers.isEmpty();
        return new Person() {
            @Override
            public boolean isThere() {
                return isThere;
            }

            @Override
            public boolean agrees(String question) {
                questions.add(question);
                return "y".equals(answers.remove());
            }

            @Override
            public String password(String prompt) {
                questions.add(prompt);
                return answers.remove();
            }
        };
    }
}

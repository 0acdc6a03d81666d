package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One look at a run.
 *
 * @param view as the service shows it
 */
record RunReport(JsonNode view) {

    /** How far a run of a file is. */
    enum State {
        RECEIVING,
        CHECKING,
        LOADING,
        LOADED,
        REFUSED,
        FAILED,
        UNKNOWN
    }

    String number() {
        return Cells.text(view, "number");
    }

    State state() {
        return switch (view.path("state").asString("")) {
            case "receiving" -> State.RECEIVING;
            case "checking" -> State.CHECKING;
            case "loading" -> State.LOADING;
            case "loaded" -> State.LOADED;
            case "refused" -> State.REFUSED;
            case "failed" -> State.FAILED;
            default -> State.UNKNOWN;
        };
    }

    String message() {
        return Cells.text(view, "message");
    }

    long received() {
        return view.path("file").path("received").asLong();
    }

    long size() {
        return view.path("file").path("size").asLong();
    }

    long lines(String which) {
        return view.path("lines").path(which).asLong();
    }

    /** Lines that went into the reject file. */
    long notLoaded() {
        return lines("bad") + lines("changed");
    }

    long total() {
        return view.path("requests").path("total").asLong();
    }

    long open(String which) {
        return view.path("requests").path("open").path(which).asLong();
    }

    long open() {
        return sum(view.path("requests").path("open"));
    }

    long ended(String which) {
        return view.path("requests").path("final").path(which).asLong();
    }

    long ended() {
        return sum(view.path("requests").path("final"));
    }

    /** Requests that the service works on by itself, now. */
    long inHand() {
        return open("ready") + open("working");
    }

    /** Requests that go on only when a person does something. */
    long needPerson() {
        return open("held") + open("stalled") + ended("failed");
    }

    private static long sum(JsonNode counts) {
        return counts.valueStream().mapToLong(JsonNode::asLong).sum();
    }

    /** E.g. "3 new, 997 known". */
    String lines() {
        var parts = new ArrayList<String>();
        for (String each : List.of("new", "known", "changed", "bad")) {
            if (lines(each) > 0) {
                parts.add(lines(each) + " " + each);
            }
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    /** E.g. "190 succeeded, 7 held". */
    String requests() {
        String counts = view.path("requests").path("final").properties().stream()
                .map(RunReport::counted)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
        String open = view.path("requests").path("open").properties().stream()
                .map(RunReport::counted)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
        return counts.isEmpty() || open.isEmpty() ? counts + open : counts + ", " + open;
    }

    private static String counted(Map.Entry<String, JsonNode> each) {
        return each.getValue().asLong() == 0 ? "" : each.getValue().asLong() + " " + Cells.harmless(each.getKey());
    }

    /** All that is to be said about it, and where to look further. */
    void print(PrintWriter out) {
        out.println("Run %s, %s of %s%s: %s%s"
                .formatted(
                        number(),
                        Cells.text(view, "name"),
                        Cells.text(view, "job"),
                        view.path("plan").asBoolean(false) ? ", a plan" : "",
                        Cells.text(view, "state"),
                        message().isEmpty() ? "" : ". " + message()));
        if (state() == State.RECEIVING) {
            out.println("Received: %d of %d bytes.".formatted(received(), size()));
        }
        out.println("Lines: %s.".formatted(lines()));
        if (total() > 0) {
            out.println("Requests: %d; %s.".formatted(total(), requests()));
        }
        open("held", "a person decides", "offramp held list --run %s", out);
        open("stalled", "a technical reason", "offramp request list --run %s --status stalled", out);
        open("waiting", "time settles it", "offramp request list --run %s --status deferred", out);
        if (ended("failed") > 0) {
            out.println(
                    "Failed: %d: offramp request list --run %s --status failed".formatted(ended("failed"), number()));
        }
    }

    private void open(String which, String meaning, String command, PrintWriter out) {
        if (open(which) > 0) {
            out.println("%s: %d (%s): %s"
                    .formatted(
                            Character.toUpperCase(which.charAt(0)) + which.substring(1),
                            open(which),
                            meaning,
                            command.formatted(number())));
        }
    }
}

package dev.offramp.demo;

import dev.offramp.demo.Screen.Mark;
import dev.offramp.ledger.Batch;
import dev.offramp.offboarding.Status;
import dev.offramp.simulator.Call;
import dev.offramp.simulator.CallChecker;
import dev.offramp.simulator.Hold;
import dev.offramp.simulator.Operation;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.testing.ExamplePlay;
import dev.offramp.testing.JobExample;
import dev.offramp.testing.JobExample.Step;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.ToldOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The story in six acts; each act plays examples of {@code jobs/} and tells what came of them. */
final class Story {

    static final List<JobExample> SINGLES = List.of(
            JobExample.named("cancel-subscriptions/done"),
            JobExample.named("cancel-subscriptions/already-done"),
            JobExample.named("cancel-subscriptions/window-closed"),
            JobExample.named("remove-reseller-relationships/done"),
            JobExample.named("remove-reseller-relationships/active-subscription-present"),
            JobExample.named("remove-reseller-relationships/reservation-present"),
            JobExample.named("remove-reseller-relationships/another-customer-expected"));
    static final List<JobExample> OTHER_WAYS = List.of(
            JobExample.named("cancel-subscriptions/runs-out-instead"),
            JobExample.named("cancel-subscriptions/waits-for-the-next-window"),
            JobExample.named("cancel-subscriptions/perpetual-software"),
            JobExample.named("cancel-subscriptions/azure-plan"),
            JobExample.named("remove-reseller-relationships/cancelled-on-the-way"),
            JobExample.named("suspend-subscriptions/done"),
            JobExample.named("reactivate-subscriptions/as-before"),
            JobExample.named("turn-off-auto-renewals/done"),
            JobExample.named("turn-off-auto-renewals/trial"));
    static final JobExample THROTTLED = JobExample.named("cancel-subscriptions/throttled");
    static final JobExample WRONG_LIST = JobExample.named("remove-reseller-relationships/wrong-list");
    static final JobExample ANSWERS_LOST = JobExample.named("cancel-subscriptions/answers-lost");
    static final JobExample ONE_UNREADABLE = JobExample.named("cancel-subscriptions/one-target-unreadable");
    static final JobExample WITHDRAWN = JobExample.named("cancel-subscriptions/withdrawn-in-time");
    static final List<JobExample> FILES = List.of(
            JobExample.named("cancel-subscriptions/nightly-file"),
            JobExample.named("remove-reseller-relationships/corrected-file"));

    /** What is still on its way when a 429 is given was sent before anybody could know. */
    private static final Duration UNDERWAY = Duration.ofMillis(300);

    private static final Duration LOOK = Duration.ofMillis(120);

    private final Screen screen;
    private final RunningOfframp offramp;
    private final PartnerCenterSimulator partnerCenter;
    private final String home;
    private final Deadline deadline;
    private final Map<String, String> names = new HashMap<>();
    private String failedBatch = "";

    Story(Screen screen, RunningOfframp offramp, String home, Deadline deadline) {
        this.screen = screen;
        this.offramp = offramp;
        this.partnerCenter = offramp.simulator();
        this.home = home;
        this.deadline = deadline;
        for (JobExample each : all()) {
            each.partnerCenter()
                    .path("customers")
                    .forEach(customer -> names.put(
                            customer.path("id").asString(""),
                            customer.path("companyName").asString("")));
        }
    }

    /** Every example of the story, in the order in which it is told. */
    static List<JobExample> all() {
        var all = new ArrayList<>(SINGLES);
        all.addAll(OTHER_WAYS);
        all.addAll(FILES);
        all.addAll(List.of(THROTTLED, WRONG_LIST, ANSWERS_LOST, ONE_UNREADABLE, WITHDRAWN));
        return all;
    }

    /** The time that is left for the whole story. */
    interface Deadline {

        Duration left();
    }

    /** What a story ends with: every request that was not told as its example says; nothing when all were. */
    List<String> tell() {
        singleRequests();
        files();
        askedForSilence();
        wrongList();
        lostAnswers();
        failedBatch();
        withdrawn();
        var told = offramp.outcomes().all();
        return all().stream().flatMap(each -> each.differences(told).stream()).toList();
    }

    /** How many requests the story is about. */
    int requests() {
        return all().stream().mapToInt(each -> each.expected().size()).sum();
    }

    private void singleRequests() {
        screen.headline(1, "One request, one outcome");
        screen.says("Other systems put requests on the topic offramp.requests; what became of each is told on"
                + " offramp.outcomes. What cannot or need not be done is an answer, not an error.");
        together(SINGLES);
        screen.line("");
        screen.says("What cannot be cancelled now may run out or wait, what stands in the way of an unlink can be"
                + " cancelled first, and what is only to rest is suspended.");
        together(OTHER_WAYS);
    }

    /** Sends all their requests at once and shows what was told of each. */
    private void together(List<JobExample> examples) {
        examples.forEach(this::play);
        var now = Instant.now();
        offramp.send(
                examples.stream().flatMap(each -> each.requests(now).stream()).toList());
        for (JobExample each : examples) {
            awaitEnd(each, "the outcomes");
            each.expected().keySet().forEach(id -> last(id).ifPresent(this::show));
        }
    }

    private void files() {
        screen.headline(2, "By night, from files");
        screen.says(
                "A run takes a file under a name. Its lines become requests like all others. Loaded again, corrected,"
                        + " under the same name, it adds only what is new.");
        for (JobExample each : FILES) {
            var play = play(each);
            each.run()
                    .ifPresent(run -> run.files().forEach(file -> {
                        var ran = play.load(run, file);
                        screen.command(typed(ExamplePlay.words(run, file)), ran.lines());
                    }));
            awaitEnd(each, "the last word about each line");
            each.expected().keySet().forEach(id -> last(id).ifPresent(this::show));
        }
    }

    private void askedForSilence() {
        screen.headline(3, "Partner Center asks for silence");
        screen.says("Fourteen cancellations at once. After a few calls Partner Center answers 429, Retry-After: 3. From"
                + " then on nobody calls until the three seconds are over.");
        int reads = partnerCenter.reads().size();
        play(THROTTLED).send();
        awaitEnd(THROTTLED, "14 cancellations, with three seconds of silence in between");
        showCounts(THROTTLED);
        List<Hold> holds = partnerCenter.holds();
        var sinceThen =
                partnerCenter.reads().subList(reads, partnerCenter.reads().size());
        int inside = CallChecker.insideHolds(partnerCenter.calls(), sinceThen, holds, UNDERWAY)
                .size();
        screen.mark(
                holds.isEmpty() || inside > 0 ? Mark.NO : Mark.GOOD,
                "429 for %d calls that were under way; calls that arrived in the silence after it: %d"
                        .formatted(holds.size(), inside));
    }

    private void wrongList() {
        screen.headline(4, "A wrong list");
        screen.says(
                "Somebody exports the wrong list: 200 customers are to lose their partner. No more than nine a day do"
                        + " so before a person is asked, and four have already; the others are held, each by its name.");
        var play = play(WRONG_LIST);
        play.send();
        awaitRest(WRONG_LIST, "200 unlinks; each success is confirmed by a read");
        showCounts(WRONG_LIST);
        var held = WRONG_LIST.expected().keySet().stream()
                .map(this::last)
                .flatMap(Optional::stream)
                .filter(each -> each.status() == Status.HELD)
                .toList();
        held.stream().findFirst().ifPresent(each -> screen.mark(Mark.NOTE, each.message()));
        if (runCommands(WRONG_LIST, play)) {
            awaitEnd(WRONG_LIST, "the word about each of them");
        }
        showCounts(WRONG_LIST);
        screen.mark(
                Mark.NOTE,
                "Partner Center has seen %d unlinks; the other customers are as they were."
                        .formatted(callsOf(Operation.UNLINK).size()));
    }

    private void lostAnswers() {
        screen.headline(5, "Lost answers, and a batch that fails");
        screen.says(
                "Six cancellations whose answers never arrive: three took effect all the same, three did not. Offramp"
                        + " reads before it believes anything, and calls again only what two late reads show undone.");
        play(ANSWERS_LOST).send();
        awaitEnd(ANSWERS_LOST, "six calls without an answer: looking what became of them");
        var calls = callsByTarget(ANSWERS_LOST);
        for (String id : ANSWERS_LOST.expected().keySet()) {
            last(id).ifPresent(each -> screen.outcome(
                    markOf(each),
                    "cancel",
                    nameOf(each),
                    each.words(),
                    confirmation(
                            each,
                            calls.getOrDefault(
                                    each.data().path("subscriptionId").asString(""), List.of()))));
        }
        var repeated = CallChecker.repeatedAfterEffect(partnerCenter.calls());
        screen.mark(
                repeated.isEmpty() ? Mark.GOOD : Mark.NO,
                "Counted at Partner Center: %d calls, %d effects, %d effects twice"
                        .formatted(
                                calls.values().stream().mapToInt(List::size).sum(),
                                calls.values().stream()
                                        .flatMap(List::stream)
                                        .filter(Call::changed)
                                        .count(),
                                repeated.size()));
    }

    private void failedBatch() {
        screen.line("");
        screen.says(
                "Eight more in one batch. One of the subscriptions cannot be read: Partner Center answers 500 again and"
                        + " again. The other seven do not wait for it.");
        var play = play(ONE_UNREADABLE);
        play.send();
        awaitRest(ONE_UNREADABLE, "eight cancellations, one of which cannot be read");
        // The stalled request is told a moment before its batch has ended.
        ONE_UNREADABLE.expected().keySet().stream()
                .map(this::last)
                .flatMap(Optional::stream)
                .filter(each -> each.status() == Status.STALLED)
                .forEach(each -> failedBatch = each.batch().orElse(""));
        awaitFailed(failedBatch);
        showCounts(ONE_UNREADABLE);
        if (!failedBatch.isEmpty()) {
            screen.mark(Mark.NO, "%s has FAILED. A person looks, and Partner Center recovers.".formatted(failedBatch));
        }
        int reads = partnerCenter.reads().size();
        int calls = partnerCenter.calls().size();
        if (runCommands(ONE_UNREADABLE, play)) {
            awaitEnd(ONE_UNREADABLE, "the restarted batch");
        }
        showCounts(ONE_UNREADABLE);
        screen.mark(
                Mark.GOOD,
                "The restart has read %d subscription and made %d call; the other seven were left alone."
                        .formatted(
                                partnerCenter.reads().size() - reads,
                                partnerCenter.calls().size() - calls));
    }

    private void withdrawn() {
        screen.headline(6, "Taken back in time");
        screen.says("A cancellation for tomorrow, and a withdrawal today.");
        play(WITHDRAWN).send();
        awaitEnd(WITHDRAWN, "the withdrawal");
        WITHDRAWN.expected().keySet().forEach(id -> last(id).ifPresent(this::show));
    }

    private ExamplePlay play(JobExample example) {
        var play = new ExamplePlay(example, offramp);
        play.begin();
        return play;
    }

    /** Whether all commands were done; after one that was not, nothing more is to be waited for. */
    private boolean runCommands(JobExample example, ExamplePlay play) {
        boolean done = true;
        for (Step step : example.then()) {
            var ran = play.take(step);
            done &= ran.exitCode() == 0;
            if (step instanceof Step.Command command) {
                screen.command(typed(play.words(command)), ran.lines());
            }
        }
        return done;
    }

    /** The command as it can be typed in another terminal. */
    private String typed(List<String> words) {
        return "bin/offramp "
                + words.stream()
                        .map(each -> each.contains(" ") ? '"' + each + '"' : each)
                        .collect(Collectors.joining(" "))
                + " --home " + home;
    }

    private void awaitRest(JobExample example, String forWhat) {
        screen.waiting(forWhat, deadline.left(), () -> offramp.outcomes().await(LOOK, example::isAtRest));
    }

    private void awaitEnd(JobExample example, String forWhat) {
        screen.waiting(forWhat, deadline.left(), () -> offramp.outcomes().await(LOOK, example::isOver));
    }

    private void awaitFailed(String batch) {
        if (batch.isEmpty()) {
            return;
        }
        screen.waiting("eight cancellations, one of which cannot be read", deadline.left(), () -> {
            var shown = offramp.command(List.of("batch", "show", batch, "--output", "json"));
            offramp.outcomes().await(LOOK, _ -> false);
            return String.join("", shown.lines()).contains("\"state\" : \"" + Batch.State.FAILED.word() + "\"");
        });
    }

    private Optional<ToldOutcome> last(String request) {
        var told = offramp.outcomes().of(request);
        return told.isEmpty() ? Optional.empty() : Optional.of(told.getLast());
    }

    private void show(ToldOutcome outcome) {
        var operation = outcome.data().path("request").path("operation").asString();
        var asked = switch (operation) {
            case "cancel-subscription" -> "cancel";
            case "remove-reseller-relationship" -> "unlink";
            case "suspend-subscription" -> "suspend";
            case "reactivate-subscription" -> "reactivate";
            case "turn-off-auto-renew" -> "let run out";
            default -> operation;
        };
        screen.outcome(markOf(outcome), asked, nameOf(outcome), outcome.words(), sentence(outcome));
    }

    private String sentence(ToldOutcome outcome) {
        var blockers = outcome.data()
                .path("blockers")
                .valueStream()
                .map(each -> "%s %s. %s"
                        .formatted(
                                each.path("kind").asString(""),
                                each.path("name").asString(""),
                                each.path("whatToDo").asString("")))
                .collect(Collectors.joining(" "));
        var refund = outcome.data().path("refund");
        return outcome.message().replace(outcome.customer(), nameOf(outcome))
                + (blockers.isEmpty() ? "" : " In the way: " + blockers)
                + (refund.isMissingNode()
                        ? ""
                        : " Refund promised: " + refund.path("promised").asString() + ".");
    }

    private static String confirmation(ToldOutcome outcome, List<Call> calls) {
        var how = outcome.data().path("confirmedBy").asString("").equals("read-back")
                ? "its effect was read back"
                : "two reads showed that nothing had happened, then it was called again";
        long ids = calls.stream().map(Call::requestId).distinct().count();
        return calls.size() == 1
                ? "1 call without an answer; " + how
                : "%d calls, the first without an answer; %s, with %s MS-RequestId"
                        .formatted(calls.size(), how, ids == 1 ? "the same" : "another");
    }

    /** How many requests of the example stand where, a line each. */
    private void showCounts(JobExample example) {
        var standing = example.expected().keySet().stream()
                .map(this::last)
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(ToldOutcome::words, LinkedHashMap::new, Collectors.toList()));
        standing.forEach((words, told) -> screen.count(markOf(told.getFirst()), told.size(), words, namesOf(told)));
    }

    private String namesOf(List<ToldOutcome> told) {
        var first = told.stream().limit(2).map(this::nameOf).collect(Collectors.joining(", "));
        return told.size() <= 2 ? first : first + " … " + nameOf(told.getLast());
    }

    private static Mark markOf(ToldOutcome outcome) {
        return switch (outcome.status()) {
            case SUCCEEDED, PLANNED, WITHDRAWN -> Mark.GOOD;
            case REJECTED, FAILED -> Mark.NO;
            case ACCEPTED, DEFERRED, HELD, STALLED -> Mark.WAITS;
        };
    }

    private String nameOf(ToldOutcome outcome) {
        var customer = outcome.customer();
        var name = names.get(customer);
        // The list's customers are written as one in the scenario, with their number at the end of the id.
        return name == null ? "Quiet " + customer.substring(customer.length() - 3) : name;
    }

    private List<Call> callsOf(Operation operation) {
        return partnerCenter.calls().stream()
                .filter(each -> each.operation() == operation)
                .toList();
    }

    private Map<String, List<Call>> callsByTarget(JobExample example) {
        Set<String> targets = example.partnerCenter()
                .path("customers")
                .valueStream()
                .flatMap(each -> each.path("subscriptions").valueStream())
                .map((JsonNode each) -> each.path("id").asString(""))
                .collect(Collectors.toSet());
        return callsOf(Operation.CANCEL).stream()
                .filter(each -> targets.contains(each.subscription()))
                .collect(Collectors.groupingBy(each -> String.valueOf(each.subscription())));
    }
}

package dev.offramp.operations;

import dev.offramp.ledger.Request;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Applied;
import dev.offramp.safety.Plan.Approval;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.Plan.State;
import dev.offramp.safety.Plans;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Plans in a list, each of which would carry out all that it is about. */
final class PlansOfOne implements Plans {

    private final List<Plan> plans = new ArrayList<>();
    private final Map<Long, List<Item>> items = new HashMap<>();

    PlansOfOne copy() {
        var copy = new PlansOfOne();
        copy.plans.addAll(plans);
        copy.items.putAll(items);
        return copy;
    }

    void make(List<Request> requests, Instant now) {
        if (requests.isEmpty()) {
            return;
        }
        long number = plans.size() + 1L;
        plans.add(new Plan(
                number,
                State.MADE,
                "a group",
                requests.size(),
                requests.size(),
                "mallory",
                "because",
                now,
                now,
                now.plus(Duration.ofHours(24)),
                sha256("plan " + number),
                null,
                null,
                null));
        items.put(number, requests.stream().map(PlansOfOne::going).toList());
    }

    private static Item going(Request request) {
        return new Item(
                request.number(),
                request.version(),
                request.key().source(),
                request.key().id(),
                request.operation().word(),
                request.customerId().value(),
                null,
                null,
                new Judged("go", "", "", List.of("cancel"), null, null, null, null, null, null, "facts", "now"),
                "budget-exceeded: The budget is used up.");
    }

    /** Those that something may become of. */
    List<Plan> open(Instant now) {
        return plans.stream()
                .filter(each -> each.stateAt(now) == State.MADE || each.stateAt(now) == State.APPROVED)
                .toList();
    }

    /** What tells worlds apart. */
    String signature(Map<Long, Request> requests, Instant now) {
        return open(now).stream()
                .map(each -> "%s%s%s%s"
                        .formatted(
                                each.stateAt(now),
                                each.decision() != null,
                                each.approval() != null && each.approval().alone(),
                                items.get(each.number()).stream()
                                        .filter(item ->
                                                requests.get(item.request()).version() == item.version())
                                        .map(Item::request)
                                        .toList()))
                .sorted()
                .toList()
                .toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean replace(long number, State from, UnaryOperator<Plan> with) {
        Plan old = plans.get((int) number - 1);
        if (old.state() != from) {
            return false;
        }
        plans.set((int) number - 1, with.apply(old));
        return true;
    }

    private static Plan with(
            Plan old, State state, @Nullable Long decision, @Nullable Approval approval, @Nullable Applied applied) {
        return new Plan(
                old.number(),
                state,
                old.about(),
                old.requests(),
                old.judged(),
                old.madeBy(),
                old.cause(),
                old.askedAt(),
                old.madeAt(),
                old.expiresAt(),
                old.hash(),
                decision,
                approval,
                applied);
    }

    @Override
    public Optional<Plan> byNumber(long number) {
        return Optional.of(plans.get((int) number - 1));
    }

    @Override
    public Optional<Plan> lock(long number) {
        return byNumber(number);
    }

    @Override
    public Optional<Plan> lockOf(long decision) {
        return plans.stream()
                .filter(each -> Long.valueOf(decision).equals(each.decision()))
                .findFirst();
    }

    @Override
    public void awaits(long plan, long decision) {
        replace(plan, State.MADE, old -> with(old, old.state(), decision, null, null));
    }

    @Override
    public boolean approve(long plan, String who, String cause, boolean alone, Instant now) {
        return replace(
                plan,
                State.MADE,
                old -> with(old, State.APPROVED, old.decision(), new Approval(who, now, alone), null));
    }

    @Override
    public boolean apply(long plan, String who, String cause, Instant now) {
        return replace(
                plan,
                State.APPROVED,
                old -> with(old, State.APPLIED, old.decision(), old.approval(), new Applied(who, now)));
    }

    @Override
    public boolean discard(long plan, String who, String cause, Instant now) {
        UnaryOperator<Plan> discarded = old -> with(old, State.DISCARDED, old.decision(), old.approval(), null);
        return replace(plan, State.MADE, discarded) || replace(plan, State.APPROVED, discarded);
    }

    @Override
    public List<Item> items(long plan) {
        return items.getOrDefault(plan, List.of());
    }

    @Override
    public String content(Plan plan) {
        return "plan " + plan.number();
    }

    @Override
    public void succeed(long plan, long request, long successor) {}

    @Override
    public void skip(long plan, long request, String why) {}

    @Override
    public List<Fate> fates(long plan) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Planned> planned(Request successor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Plan ask(String about, List<Request> requests, String who, String cause, Instant now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Plan> list(@Nullable Long before, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Plan> unmade() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Long> unread(long plan, long after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void judge(long plan, long request, Judged judged) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean made(long plan, Map<Long, String> heldBack, Instant now) {
        throw new UnsupportedOperationException();
    }
}

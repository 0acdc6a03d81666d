package dev.offramp.operations;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.offboarding.Status;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Caller.Proof;
import dev.offramp.operations.access.Persons;
import dev.offramp.operations.access.Role;
import dev.offramp.operations.access.Verb;
import dev.offramp.safety.Approvals;
import dev.offramp.safety.DecisionBook;
import dev.offramp.safety.FourEyes;
import dev.offramp.safety.HeldReleases;
import dev.offramp.safety.PendingDecision;
import dev.offramp.safety.PendingDecision.Item;
import dev.offramp.safety.PendingDecision.State;
import dev.offramp.safety.Person;
import dev.offramp.safety.PlanApplying;
import dev.offramp.safety.PlanApprovals;
import dev.offramp.testing.Admissions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One person of each role, with every log-in that this person has or can make, tries all sequences of up to six actions. The
 * rules are the real ones; only the tables are maps. However it is done, never more
 * customers are let go on than one person may.
 */
@Execution(ExecutionMode.CONCURRENT)
class OnePersonTests {

    private static final int LONGEST = 6;

    /** In small: the rule does not know its number, and fewer requests are tried faster. */
    private static final int ABOVE = 3;

    private static final Set<String> NAMED = Set.of("mallory", "ann", "zoe");

    /** What changes nothing about who may be let go on, and why. */
    private static final Map<Verb, String> NO_WAY = Map.ofEntries(
            Map.entry(Verb.SEND, "new requests meet the guards, as those that are resubmitted"),
            Map.entry(Verb.RUN, "new requests meet the guards, as those that are resubmitted"),
            Map.entry(Verb.GIVE_UP, "ends a request"),
            Map.entry(Verb.DECIDE_DOUBT, "for what is stalled after its call had left, never for what is held"),
            Map.entry(Verb.RESTART_BATCH, "what is held is in no batch, and each restart passes the guards"),
            Map.entry(Verb.STOP_BATCH, "starts nothing"),
            Map.entry(Verb.ABANDON_BATCH, "what is held is in no batch"),
            Map.entry(Verb.PULL_BRAKE, "starts nothing"),
            Map.entry(Verb.RELEASE_BRAKE, "a brake holds no request; guards come after it"),
            Map.entry(Verb.END_BURST, "what is held stays held; what comes later meets the budgets"),
            Map.entry(Verb.END_TENANT_DOUBT, "what is held stays held; what comes later meets the budgets"),
            Map.entry(Verb.PAUSE_INTAKE, "starts nothing"),
            Map.entry(Verb.RESUME_INTAKE, "new requests meet the guards"),
            Map.entry(Verb.RECOVER, "holds more than before, and releases nothing"),
            Map.entry(Verb.RECONCILE, "compares, and releases nothing"),
            Map.entry(Verb.SIGN_IN, "guards come after it"));

    private static final Set<Verb> TRIED = EnumSet.of(
            Verb.RELEASE_HELD,
            Verb.REJECT_HELD,
            Verb.CONFIRM_DECISION,
            Verb.REJECT_DECISION,
            Verb.MAKE_PLAN,
            Verb.APPROVE_PLAN,
            Verb.APPLY_PLAN,
            Verb.DISCARD_PLAN,
            Verb.WITHDRAW,
            Verb.RESUBMIT,
            Verb.CHANGE_USER,
            Verb.DELETE_USER,
            Verb.CHANGE_OWN_PASSWORD);

    @ParameterizedTest
    @EnumSource(Role.class)
    void neverLetsMoreCustomersGoOnThanOnePersonMay(Role role) {
        var tried = tryAll(role);

        assertThat(tried.ways()).as("sequences that let more customers go on").isEmpty();
        assertThat(tried.most()).isEqualTo(role == Role.APPROVER || role == Role.ADMINISTRATOR ? ABOVE : 0);
    }

    @Test
    void triesEveryVerbThatChangesSomethingOrSaysWhyNot() {
        var changing = Stream.of(Verb.values())
                .filter(each -> each.routes().stream()
                        .anyMatch(route -> !route.method().name().equals("GET")))
                .collect(Collectors.toSet());

        assertThat(Stream.concat(TRIED.stream(), NO_WAY.keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(changing);
    }

    /**
     * What came of it.
     *
     * @param most the most customers that were let go on in one window
     */
    private record Tried(List<String> ways, int most) {}

    private static Tried tryAll(Role role) {
        List<String> ways = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        var open = new ArrayDeque<World>();
        open.add(World.first(role));
        int most = 0;
        while (!open.isEmpty() && ways.size() < 3) {
            var world = open.poll();
            boolean last = world.path.size() == LONGEST - 1;
            for (var action : world.actions()) {
                // Nothing comes after the last one, so that only those matter that let something go on themselves.
                if (last && !action.letsGo()) {
                    continue;
                }
                var next = world.copy();
                action.what().accept(next);
                most = Math.max(most, next.goneOn.size());
                if (next.goneOn.size() > ABOVE) {
                    ways.add("%d customers: %s, %s".formatted(next.goneOn.size(), next.path, action.words()));
                } else if (!last && seen.add(next.signature())) {
                    next.path.add(action.words());
                    open.add(next);
                }
            }
        }
        return new Tried(ways, most);
    }

    /** @param letsGo whether held requests may go on by it at once */
    private record Action(String words, boolean letsGo, Consumer<World> what) {}

    /** A local account; whether the one person knows its password. */
    private record Account(Set<Role> roles, String passwordBy, boolean known) {}

    private record Alone(CustomerId customer, Instant at) {}

    /** One state of the tables, and what the real rules make of it. */
    private static final class World implements DecisionBook {

        private static final FourEyes RULE = new FourEyes(ABOVE, Duration.ofHours(24), Duration.ofHours(24), NAMED);
        private static final Persons PERSONS = new Persons(NAMED);
        private static final Map<Long, Request> FIRST = requests();

        private final Role role;
        private final Map<Long, Request> requests;
        private final Map<String, Account> accounts;
        private final List<Alone> alone;
        private final List<PendingDecision> decisions;
        private final Map<Long, List<Item>> items;
        private final Set<CustomerId> goneOn;
        private final List<String> path;
        private Instant now;
        private final PlansOfOne plans;
        private final Approvals approvals;

        private World(
                Role role,
                Map<Long, Request> requests,
                Map<String, Account> accounts,
                List<Alone> alone,
                List<PendingDecision> decisions,
                Map<Long, List<Item>> items,
                Set<CustomerId> goneOn,
                List<String> path,
                Instant now,
                PlansOfOne plans) {
            this.role = role;
            this.requests = new TreeMap<>(requests);
            this.accounts = new TreeMap<>(accounts);
            this.alone = new ArrayList<>(alone);
            this.decisions = new ArrayList<>(decisions);
            this.items = new HashMap<>(items);
            this.goneOn = new HashSet<>(goneOn);
            this.path = new ArrayList<>(path);
            this.now = now;
            this.plans = plans.copy();
            this.approvals = new Approvals(
                    new HeldReleases(ledger(), this, NO_AUDIT),
                    new PlanApprovals(this.plans, ledger(), this),
                    this,
                    RULE,
                    NO_AUDIT,
                    NO_TRANSACTIONS);
        }

        static World first(Role role) {
            var accounts = Map.of(
                    "mallory", new Account(Set.of(role), "mallory", true),
                    "ann", new Account(Set.of(Role.APPROVER), "ann", false),
                    "owen", new Account(Set.of(Role.APPROVER), "admin", false));
            return new World(
                    role,
                    FIRST,
                    accounts,
                    List.of(),
                    List.of(),
                    Map.of(),
                    Set.of(),
                    List.of(),
                    Admissions.START,
                    new PlansOfOne());
        }

        World copy() {
            return new World(role, requests, accounts, alone, decisions, items, goneOn, path, now, plans);
        }

        private static Map<Long, Request> requests() {
            var all = new TreeMap<Long, Request>();
            IntStream.range(0, ABOVE)
                    .forEach(each -> add(all, cancel().of(customer("a" + each)).inGroup("a")));
            add(all, unlink().of(customer("b")).inGroup("b"));
            IntStream.range(0, 2)
                    .forEach(each -> add(all, unlink().of(customer("c" + each)).inGroup("c")));
            return all;
        }

        private static void add(Map<Long, Request> all, Admissions admission) {
            long number = all.size() + 1;
            all.put(
                    number,
                    new Request(
                            number,
                            admission.build(),
                            Admissions.START,
                            Status.HELD,
                            Reason.BUDGET_EXCEEDED,
                            Effect.NONE,
                            "The budget is used up.",
                            1,
                            1,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            0,
                            0,
                            null,
                            null,
                            Releases.NONE));
        }

        private static Request with(Request old, Reason reason) {
            return new Request(
                    old.number(),
                    old.admission(),
                    old.admittedAt(),
                    reason.status(),
                    reason,
                    Effect.NONE,
                    old.message(),
                    old.version() + 1,
                    old.sequence() + 1,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    0,
                    0,
                    null,
                    null,
                    Releases.NONE);
        }

        /** All that the one person can do now. */
        List<Action> actions() {
            var all = new ArrayList<Action>();
            var logins = logins();
            all.add(new Action("a day passes", false, World::day));
            // Log-ins that the rules take for the same person do the same.
            var persons = new HashSet<String>();
            for (var who : logins) {
                var person = asker(who).person();
                if (persons.add((person instanceof Person.Known ? person : "unknown") + " " + who.roles())) {
                    decide(who, all);
                }
            }
            // Who does these makes no difference to the tables.
            for (String group : List.of("a", "b", "c")) {
                any(
                        logins,
                        Verb.REJECT_HELD,
                        all,
                        "rejects " + group,
                        (world, _) -> world.turn(group, Status.HELD, Reason.REJECTED_BY_OPERATOR));
                any(
                        logins,
                        Verb.WITHDRAW,
                        all,
                        "withdraws " + group,
                        (world, _) -> world.turn(group, Status.HELD, Reason.BY_OPERATOR));
                any(
                        logins,
                        Verb.MAKE_PLAN,
                        all,
                        "plans " + group,
                        (world, _) -> world.plans.make(world.matching(Filter.ALL.and(By.GROUP, group)), world.now));
                any(logins, Verb.RESUBMIT, all, "resubmits " + group, (world, _) -> {
                    world.turn(group, Status.REJECTED, Reason.BUDGET_EXCEEDED);
                    world.turn(group, Status.WITHDRAWN, Reason.BUDGET_EXCEEDED);
                });
            }
            for (String account : List.of("puppet", "ann", "owen", "zoe")) {
                any(
                        logins,
                        Verb.CHANGE_USER,
                        all,
                        "sets the password of " + account,
                        (world, who) -> world.put(account, who));
            }
            for (String account : List.of("ann", "owen")) {
                any(logins, Verb.DELETE_USER, all, "deletes " + account, (world, _) -> world.delete(account));
            }
            logins.stream()
                    .filter(who -> who.proof() == Proof.USER)
                    .forEach(who -> all.add(new Action(
                            who.name() + " changes the own password",
                            false,
                            world -> world.accounts.computeIfPresent(
                                    who.name(), (own, old) -> new Account(old.roles(), own, true)))));
            return all;
        }

        private static void any(
                List<Caller> logins, Verb verb, List<Action> all, String words, BiConsumer<World, Caller> what) {
            logins.stream()
                    .filter(each -> each.may(verb))
                    .findFirst()
                    .ifPresent(who ->
                            all.add(new Action(who.name() + " " + words, false, world -> what.accept(world, who))));
        }

        private void decide(Caller who, List<Action> all) {
            String name = who.proof() + " " + who.name();
            if (who.may(Verb.RELEASE_HELD)) {
                for (var filter : filters()) {
                    all.add(new Action(
                            name + " releases " + filter.values(), true, world -> world.release(filter, who)));
                }
            }
            plans.open(now).forEach(plan -> {
                if (who.may(Verb.APPROVE_PLAN)) {
                    all.add(new Action(
                            name + " approves plan " + plan.number(),
                            false,
                            world -> world.approvals.approve(
                                    plan.number(), String.valueOf(plan.hash()), world.asker(who), world.now)));
                }
                if (who.may(Verb.APPLY_PLAN)) {
                    all.add(new Action(
                            name + " applies plan " + plan.number(),
                            true,
                            world -> world.applying().apply(plan.number(), world.asker(who), world.now)));
                }
                if (who.may(Verb.DISCARD_PLAN)) {
                    all.add(new Action(
                            name + " discards plan " + plan.number(),
                            false,
                            world -> world.plans.discard(plan.number(), who.name(), "because", world.now)));
                }
            });
            decisions.stream()
                    .filter(each -> each.stateAt(now) == State.WAITING)
                    .forEach(each -> {
                        if (who.may(Verb.CONFIRM_DECISION)) {
                            all.add(new Action(
                                    name + " confirms " + each.number(),
                                    true,
                                    world -> world.approvals.confirm(each.number(), world.asker(who), world.now)));
                        }
                        if (who.may(Verb.REJECT_DECISION)) {
                            all.add(new Action(
                                    name + " rejects " + each.number(),
                                    false,
                                    world -> world.approvals.reject(each.number(), world.asker(who), world.now)));
                        }
                    });
        }

        private List<Caller> logins() {
            var all = new ArrayList<Caller>();
            all.add(new Caller(Proof.TOKEN, "mallory@contoso.example", Set.of(role), Set.of()));
            if (role == Role.ADMINISTRATOR) {
                all.add(new Caller(Proof.LOGIN_FILE, "log-in file", Set.of(role), Set.of()));
            }
            accounts.forEach((name, account) -> {
                if (account.known()) {
                    all.add(new Caller(Proof.USER, name, account.roles(), Set.of()));
                }
            });
            return all;
        }

        private static List<Filter> filters() {
            var held = Filter.ALL.and(Status.HELD);
            return List.of(
                    held,
                    held.and(By.GROUP, "a"),
                    held.and(By.GROUP, "b"),
                    held.and(By.GROUP, "c"),
                    held.and(By.NUMBER, ABOVE + 2L));
        }

        private void release(Filter filter, Caller who) {
            approvals.release(filter, matching(filter).size(), asker(who), now);
        }

        private Asker asker(Caller who) {
            var account = accounts.get(who.name());
            String passwordBy = who.proof() == Proof.USER && account != null ? account.passwordBy() : null;
            return new Asker(who.signature(null), PERSONS.of(who.proof(), who.name(), passwordBy), "because");
        }

        /** As {@code Users.put} with a password does it. */
        private void put(String name, Caller who) {
            if (PERSONS.refusal(name).isEmpty()) {
                accounts.put(name, new Account(Set.of(Role.APPROVER), who.signature(null), true));
            }
        }

        /** As {@code Users.delete} does it. */
        private void delete(String name) {
            if (PERSONS.refusal(name).isEmpty()) {
                accounts.remove(name);
            }
        }

        private void turn(String group, Status from, Reason to) {
            requests.replaceAll((_, request) ->
                    group.equals(request.group()) && request.status() == from ? with(request, to) : request);
        }

        private void day() {
            now = now.plus(Duration.ofHours(25));
            goneOn.clear();
        }

        private List<Request> matching(Filter filter) {
            return requests.values().stream()
                    .filter(each -> each.status() == Status.HELD)
                    .filter(each -> filter.values()
                            .getOrDefault(By.GROUP, String.valueOf(each.group()))
                            .equals(each.group()))
                    .filter(each -> filter.values()
                            .getOrDefault(By.NUMBER, each.number())
                            .equals(each.number()))
                    .toList();
        }

        private Requests ledger() {
            return (Requests) Proxy.newProxyInstance(
                    World.class.getClassLoader(),
                    new Class<?>[] {Requests.class},
                    (_, method, given) -> switch (method.getName()) {
                        case "lockAll" ->
                            matching((Filter) given[0]).stream()
                                    .map(Request::number)
                                    .toList();
                        case "byNumber", "lock" -> Optional.ofNullable(requests.get((Long) given[0]));
                        case "settle" -> settle((Request) given[0], (Resolution) given[1]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private PlanApplying applying() {
            return new PlanApplying(
                    plans, ledger(), NO_ATTEMPTS, this, RULE, this::successor, Mode.LIVE, NO_TRANSACTIONS);
        }

        private PlanApplying.Made successor(Request planned, long plan, Asker by) {
            goneOn.add(planned.customerId());
            return new PlanApplying.Made.As(planned);
        }

        private boolean settle(Request request, Resolution resolution) {
            if (resolution.reason() == Reason.SUPERSEDED) {
                requests.put(request.number(), with(request, resolution.reason()));
                return true;
            }
            assertThat(resolution.reason()).isEqualTo(Reason.ADMITTED);
            requests.put(request.number(), with(request, resolution.reason()));
            goneOn.add(request.customerId());
            return true;
        }

        /** What tells worlds apart; numbers and times do not. */
        String signature() {
            var text = new StringBuilder();
            requests.values()
                    .forEach(each -> text.append(
                            each.status() == Status.HELD
                                    ? 'h'
                                    : each.reason() == Reason.ADMITTED
                                            ? 'r'
                                            : each.reason() == Reason.SUPERSEDED ? 's' : 'x'));
            accounts.forEach((name, account) -> text.append(name)
                    .append(account.known())
                    .append(account.roles())
                    .append(account.passwordBy().equals(name)));
            text.append(alone.stream()
                    .filter(each -> each.at().isAfter(RULE.countedSince(now)))
                    .map(each -> each.customer().value())
                    .sorted()
                    .distinct()
                    .toList());
            decisions.stream()
                    .filter(each -> each.stateAt(now) == State.WAITING)
                    .map(each -> each.asker() + " "
                            + items.get(each.number()).stream()
                                    .filter(item -> requests.get(item.request()).version() == item.version())
                                    .map(Item::request)
                                    .toList())
                    .sorted()
                    .forEach(text::append);
            return text.append(plans.signature(requests, now))
                    .append(goneOn.size())
                    .toString();
        }

        @Override
        public Set<CustomerId> lockAlone(Instant since) {
            return alone.stream()
                    .filter(each -> each.at().isAfter(since))
                    .map(Alone::customer)
                    .collect(Collectors.toSet());
        }

        @Override
        public void noteAlone(Collection<CustomerId> customers, String who, Instant at, Instant countedSince) {
            customers.forEach(each -> alone.add(new Alone(each, at)));
        }

        @Override
        public PendingDecision ask(
                PendingDecision.Kind kind,
                List<Request> about,
                Asker asker,
                Person.Known person,
                Instant at,
                Instant until) {
            var decision = new PendingDecision(
                    decisions.size() + 1,
                    kind,
                    State.WAITING,
                    about.size(),
                    about.size(),
                    asker.signature(),
                    person,
                    asker.cause(),
                    at,
                    until,
                    null,
                    null,
                    null,
                    null);
            decisions.add(decision);
            items.put(
                    decision.number(),
                    about.stream()
                            .map(each -> new Item(
                                    each.number(),
                                    each.version(),
                                    each.customerId().value(),
                                    null))
                            .toList());
            return decision;
        }

        @Override
        public Optional<PendingDecision> byNumber(long number) {
            return Optional.of(decisions.get((int) number - 1));
        }

        @Override
        public Optional<PendingDecision> lock(long number) {
            return byNumber(number);
        }

        @Override
        public List<PendingDecision> list(@Nullable State state, @Nullable Long before, int limit, Instant at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Item> items(long number) {
            return items.get(number);
        }

        @Override
        public void skip(long number, long request, String why) {}

        @Override
        public void decided(long number, State state, Asker by, @Nullable Integer carriedOut, Instant at) {
            var old = decisions.get((int) number - 1);
            decisions.set(
                    (int) number - 1,
                    new PendingDecision(
                            number,
                            old.kind(),
                            state,
                            old.requests(),
                            old.customers(),
                            old.askedBy(),
                            old.asker(),
                            old.cause(),
                            old.askedAt(),
                            old.expiresAt(),
                            by.signature(),
                            at,
                            by.cause(),
                            carriedOut));
        }
    }

    private static final Attempts NO_ATTEMPTS = (Attempts) Proxy.newProxyInstance(
            World.class.getClassLoader(), new Class<?>[] {Attempts.class}, (_, _, _) -> List.of());

    private static final Audit NO_AUDIT = new Audit() {
        @Override
        public void add(Entry entry, Instant now) {}

        @Override
        public List<Written> list(@Nullable Long before, int limit) {
            return List.of();
        }

        @Override
        public List<Written> of(String target) {
            return List.of();
        }
    };

    private static final TransactionTemplate NO_TRANSACTIONS = new TransactionTemplate() {
        @Override
        public <T> T execute(TransactionCallback<T> action) {
            return action.doInTransaction(new SimpleTransactionStatus());
        }
    };
}

package dev.offramp.operations.access;

import dev.offramp.ledger.Audit;
import dev.offramp.safety.Person;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.transaction.support.TransactionTemplate;

/** The local users of a small installation; of a password only its hash is kept. */
public final class Users {

    static final String FIRST = "admin";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,59}");

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final PasswordEncoder encoder;
    private final Audit audit;
    private final InstantSource clock;
    private final Persons persons;

    Users(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            PasswordEncoder encoder,
            Audit audit,
            InstantSource clock,
            Persons persons) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.encoder = encoder;
        this.audit = audit;
        this.clock = clock;
        this.persons = persons;
    }

    /**
     * A user.
     *
     * @param passwordBy who set the password last; null when nobody remembers
     */
    public record User(
            String name,
            Set<Role> roles,
            Set<String> sources,
            Instant createdAt,
            Instant changedAt,
            @Nullable String passwordBy) {

        Caller caller() {
            return new Caller(Caller.Proof.USER, name, roles, sources);
        }
    }

    /** A user, and what its password is compared with. */
    record Known(User user, String hash) {

        /** Without the hash. */
        @Override
        public String toString() {
            return "user " + user.name();
        }
    }

    /** What became of a change. */
    public sealed interface Result {

        /** It is done. */
        record Done(User user) implements Result {}

        /** There is no such user. */
        record NoSuchUser() implements Result {}

        /** Afterwards nobody could say who may do what. */
        record LastAdministrator() implements Result {}

        /** A user who is new needs a password. */
        record NoPassword() implements Result {}

        /** Only its holder may; the sentence says why. */
        record OnlyItsHolder(String sentence) implements Result {}
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    public List<User> all() {
        return jdbc.sql("""
                        select *
                          from local_user
                         order by name
                        """).query((row, _) -> user(row)).list();
    }

    Optional<Known> named(String name) {
        return jdbc.sql("""
                        select *
                          from local_user
                         where name = :name
                        """)
                .param("name", name)
                .query((row, _) -> new Known(user(row), row.getString("password")))
                .optional();
    }

    /** Which person somebody is known to be, as the accounts stand now. */
    public Person personOf(Caller caller) {
        return persons.of(
                caller.proof(),
                caller.name(),
                caller.proof() == Caller.Proof.USER
                        ? named(caller.name())
                                .map(known -> known.user().passwordBy())
                                .orElse(null)
                        : null);
    }

    /** Makes a user or changes one; a password that is not given stays. */
    public Result put(
            String name, Set<Role> roles, Set<String> sources, @Nullable Password password, String who, String cause) {
        String hash = password == null ? null : encoder.encode(password.text());
        return inTransaction(() -> {
            var administrators = lockAdministrators();
            var known = named(name);
            var refusal = hash == null && known.isPresent() ? Optional.<String>empty() : persons.refusal(name);
            if (refusal.isPresent()) {
                return new Result.OnlyItsHolder(refusal.get());
            }
            if (known.isEmpty() && hash == null) {
                return new Result.NoPassword();
            }
            if (!roles.contains(Role.ADMINISTRATOR) && administrators.equals(List.of(name))) {
                return new Result.LastAdministrator();
            }
            Instant now = clock.instant();
            if (known.isEmpty()) {
                insert(name, Objects.requireNonNull(hash), roles, sources, who, now);
            } else {
                update(
                        name,
                        hash == null ? known.get().hash() : hash,
                        roles,
                        sources,
                        hash == null ? known.get().user().passwordBy() : who,
                        now);
            }
            audit.add(
                    new Audit.Entry(
                            who,
                            known.isEmpty() ? "user made" : "user changed",
                            "user " + name,
                            cause,
                            "Roles: %s; sources: %s; the password %s."
                                    .formatted(
                                            words(roles, " "),
                                            String.join(" ", new TreeSet<>(sources)),
                                            hash == null ? "stayed" : "is new")),
                    now);
            return new Result.Done(named(name).orElseThrow().user());
        });
    }

    public Result delete(String name, String who, String cause) {
        return inTransaction(() -> {
            var administrators = lockAdministrators();
            var known = named(name);
            if (known.isEmpty()) {
                return new Result.NoSuchUser();
            }
            var refusal = persons.refusal(name);
            if (refusal.isPresent()) {
                return new Result.OnlyItsHolder(refusal.get());
            }
            if (administrators.equals(List.of(name))) {
                return new Result.LastAdministrator();
            }
            jdbc.sql("""
                            delete from local_user
                             where name = :name
                            """).param("name", name).update();
            audit.add(new Audit.Entry(who, "user deleted", "user " + name, cause, ""), clock.instant());
            return new Result.Done(known.get().user());
        });
    }

    /** Changes the password of a user who has proved to be that user. */
    public Result changePassword(String name, Password password, String cause) {
        String hash = Objects.requireNonNull(encoder.encode(password.text()));
        return inTransaction(() -> {
            Instant now = clock.instant();
            int changed = jdbc.sql("""
                            update local_user
                               set password = :hash,
                                   password_by = :name,
                                   changed_at = :now
                             where name = :name
                            """)
                    .param("hash", hash)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("name", name)
                    .update();
            if (changed == 0) {
                return new Result.NoSuchUser();
            }
            audit.add(new Audit.Entry(name, "own password changed", "user " + name, cause, ""), now);
            return new Result.Done(named(name).orElseThrow().user());
        });
    }

    /**
     * Makes the first administrator when there is no user at all.
     *
     * @param beforeCommit what must have happened before it counts
     * @return false when there are users already, or another node was first
     */
    boolean makeFirst(Password password, Runnable beforeCommit) {
        if (!all().isEmpty()) {
            return false;
        }
        String hash = Objects.requireNonNull(encoder.encode(password.text()));
        try {
            transactions.executeWithoutResult(_ -> {
                Instant now = clock.instant();
                insert(FIRST, hash, Set.of(Role.ADMINISTRATOR), Set.of(), "service", now);
                audit.add(
                        new Audit.Entry("service", "user made", "user " + FIRST, "There was no user.", "First start"),
                        now);
                beforeCommit.run();
            });
            return true;
        } catch (DuplicateKeyException e) { // Another node was first, and has written its file.
            return false;
        }
    }

    boolean isPassword(String name, String password) {
        return named(name)
                .filter(known -> encoder.matches(password, known.hash()))
                .isPresent();
    }

    private Result inTransaction(java.util.function.Supplier<Result> change) {
        return Objects.requireNonNull(transactions.execute(_ -> change.get()));
    }

    /** Two administrators who delete one another at the same time wait here for each other. */
    private List<String> lockAdministrators() {
        return jdbc.sql("""
                        select *
                          from local_user
                         order by name
                           for update
                        """).query((row, _) -> user(row)).list().stream()
                .filter(each -> each.roles().contains(Role.ADMINISTRATOR))
                .map(User::name)
                .toList();
    }

    private void insert(
            String name, String hash, Set<Role> roles, Set<String> sources, String passwordBy, Instant now) {
        jdbc.sql("""
                        insert into local_user (name, password, roles, sources, created_at, changed_at, password_by)
                        values (:name, :hash, :roles, :sources, :now, :now, :passwordBy)
                        """)
                .param("name", name)
                .param("hash", hash)
                .param("roles", words(roles, " "))
                .param("sources", String.join("\n", new TreeSet<>(sources)))
                .param("passwordBy", passwordBy)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    private void update(
            String name, String hash, Set<Role> roles, Set<String> sources, @Nullable String passwordBy, Instant now) {
        jdbc.sql("""
                        update local_user
                           set password = :hash,
                               password_by = :passwordBy,
                               roles = :roles,
                               sources = :sources,
                               changed_at = :now
                         where name = :name
                        """)
                .param("name", name)
                .param("hash", hash)
                .param("roles", words(roles, " "))
                .param("sources", String.join("\n", new TreeSet<>(sources)))
                .param("passwordBy", passwordBy)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static String words(Set<Role> roles, String between) {
        return roles.stream().sorted().map(Role::word).collect(Collectors.joining(between));
    }

    private static User user(java.sql.ResultSet row) throws java.sql.SQLException {
        return new User(
                row.getString("name"),
                parts(row.getString("roles"), " ").stream()
                        .flatMap(each -> Role.named(each).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(parts(row.getString("sources"), "\n")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                row.getString("password_by"));
    }

    private static List<String> parts(String all, String between) {
        return Arrays.stream(all.split(between)).filter(each -> !each.isEmpty()).toList();
    }
}

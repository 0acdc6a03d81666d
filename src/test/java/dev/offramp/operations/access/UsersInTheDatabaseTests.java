package dev.offramp.operations.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.operations.access.Users.Result;
import dev.offramp.safety.Person;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class UsersInTheDatabaseTests {

    private static final Password PASSWORD = new Password("correct horse battery");

    private final LedgerFixture ledger;
    private final Users users;

    @TempDir
    private Path one;

    @TempDir
    private Path other;

    UsersInTheDatabaseTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        users = new Users(
                ledger.jdbc(),
                ledger.transactions(),
                new BCryptPasswordEncoder(4),
                ledger.ledger().audit(),
                new SettableClock(Admissions.START),
                new Persons(Set.of("kim")));
    }

    @Test
    void keepsWhatAUserMayDo() {
        var put = put("jane", Set.of(Role.REQUESTER, Role.VIEWER), Set.of("/contoso/crm", "/contoso/billing"));

        assertThat(put).isInstanceOf(Result.Done.class);
        assertThat(users.all()).singleElement().satisfies(each -> {
            assertThat(each.roles()).containsExactlyInAnyOrder(Role.REQUESTER, Role.VIEWER);
            assertThat(each.sources()).containsExactlyInAnyOrder("/contoso/crm", "/contoso/billing");
        });
        assertThat(put("joe", Set.of(), Set.of())).isInstanceOf(Result.Done.class);
        assertThat(users.named("joe").orElseThrow().user().roles()).isEmpty();
    }

    @Test
    void writesAHashAndNeverThePassword() {
        put("jane", Set.of(), Set.of());

        assertThat(column("password")).startsWith("$2a$").doesNotContain(PASSWORD.text());
        assertThat(users.isPassword("jane", PASSWORD.text())).isTrue();
        assertThat(users.isPassword("jane", "something else")).isFalse();
        assertThat(users.named("jane").orElseThrow().toString()).isEqualTo("user jane");
    }

    @Test
    void keepsOneOfTwoAdministratorsWhoDeleteEachOther() throws Exception {
        put("ann", Set.of(Role.ADMINISTRATOR), Set.of());
        put("bob", Set.of(Role.ADMINISTRATOR), Set.of());

        var results = atOnce(
                List.of(() -> users.delete("ann", "bob", "she leaves"), () -> users.delete("bob", "ann", "he leaves")));

        assertThat(results).hasAtLeastOneElementOfType(Result.LastAdministrator.class);
        assertThat(users.all()).hasSize(1);
    }

    @Test
    void makesOneFirstAdministratorForAllNodes() throws Exception {
        var nodes = List.of(new FirstPassword(one, users), new FirstPassword(other, users));

        atOnce(nodes.stream()
                .<Callable<Boolean>>map(each -> () -> {
                    each.prepare();
                    return true;
                })
                .toList());

        var files = List.of(one.resolve("first-password"), other.resolve("first-password")).stream()
                .filter(Files::exists)
                .toList();
        assertThat(users.all()).singleElement().satisfies(each -> {
            assertThat(each.name()).isEqualTo("admin");
            assertThat(each.roles()).containsExactly(Role.ADMINISTRATOR);
        });
        assertThat(files)
                .as("the file of the node that was first, and no other")
                .singleElement()
                .satisfies(file -> assertThat(
                                users.isPassword("admin", Files.readString(file).strip()))
                        .isTrue());
    }

    @Test
    void makesNobodyWhenThereIsSomebody() {
        put("jane", Set.of(Role.ADMINISTRATOR), Set.of());

        new FirstPassword(one, users).prepare();

        assertThat(users.all()).extracting(Users.User::name).containsExactly("jane");
        assertThat(one).isEmptyDirectory();
    }

    @Test
    void makesNobodyWhenTheFileCannotBeWritten() {
        var nowhere = new FirstPassword(one.resolve("nowhere"), users);

        assertThatThrownBy(nowhere::prepare).hasMessageContaining("offramp.home");

        assertThat(users.all()).isEmpty();
    }

    @Test
    void removesTheFileOfAPasswordThatAnotherNodeHasChanged() {
        var first = new FirstPassword(one, users);
        first.prepare();
        first.prepare();
        assertThat(one.resolve("first-password")).exists();

        users.changePassword("admin", PASSWORD, "first log-in");
        first.prepare();

        assertThat(one.resolve("first-password")).doesNotExist();
    }

    @Test
    void knowsOnlyThoseForOnePersonWhosePasswordNobodyElseCanSet() {
        put("jane", Set.of(Role.APPROVER), Set.of());
        users.changePassword("jane", PASSWORD, "mine");
        assertThat(users.personOf(caller("jane"))).isInstanceOf(Person.Unknown.class);
        assertThat(users.personOf(Caller.ofLoginFile())).isInstanceOf(Person.Unknown.class);
        assertThat(users.personOf(new Caller(Caller.Proof.TOKEN, "kim", Set.of(), Set.of())))
                .isEqualTo(new Person.Known(Person.Kind.TOKEN, "kim"));

        assertThat(put("kim", Set.of(Role.APPROVER), Set.of())).isInstanceOf(Result.OnlyItsHolder.class);
        ledger.jdbc()
                .sql("update local_user set name = 'kim' where name = 'jane'")
                .update();
        assertThat(users.personOf(caller("kim"))).isInstanceOf(Person.Unknown.class);

        users.changePassword("kim", PASSWORD, "mine");
        assertThat(users.personOf(caller("kim"))).isEqualTo(new Person.Known(Person.Kind.USER, "kim"));
        assertThat(put("kim", Set.of(Role.APPROVER), Set.of())).isInstanceOf(Result.OnlyItsHolder.class);
        assertThat(users.delete("kim", "test", "test")).isInstanceOf(Result.OnlyItsHolder.class);
        assertThat(users.put("kim", Set.of(Role.VIEWER), Set.of(), null, "test", "test"))
                .isInstanceOf(Result.Done.class);
        assertThat(users.personOf(caller("kim"))).isInstanceOf(Person.Known.class);
    }

    private static Caller caller(String name) {
        return new Caller(Caller.Proof.USER, name, Set.of(Role.APPROVER), Set.of());
    }

    private Result put(String name, Set<Role> roles, Set<String> sources) {
        return users.put(name, roles, sources, PASSWORD, "test", "test");
    }

    private String column(String name) {
        return ledger.jdbc()
                .sql("select " + name + " from local_user")
                .query(String.class)
                .single();
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new java.util.ArrayList<T>();
            for (Future<T> each : threads.invokeAll(calls)) {
                results.add(each.get());
            }
            return results;
        }
    }
}

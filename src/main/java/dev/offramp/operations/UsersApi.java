package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.operations.access.FirstPassword;
import dev.offramp.operations.access.Password;
import dev.offramp.operations.access.Role;
import dev.offramp.operations.access.Users;
import dev.offramp.operations.access.Users.Result;
import dev.offramp.operations.access.Users.User;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The local users: who they are, making, changing and deleting them. */
@RestController
@RequestMapping("/api/v1/users")
class UsersApi {

    private static final int LONGEST_SOURCE = 400;

    private final Users users;
    private final FirstPassword first;

    UsersApi(Users users, FirstPassword first) {
        this.users = users;
        this.first = first;
    }

    /**
     * A user; never its password.
     *
     * @param passwordBy who set the password last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record UserView(
            String name,
            List<String> roles,
            List<String> sources,
            Instant createdAt,
            Instant changedAt,
            @Nullable String passwordBy) {

        static UserView of(User user) {
            return new UserView(
                    user.name(),
                    user.roles().stream().sorted().map(Role::word).toList(),
                    user.sources().stream().sorted().toList(),
                    user.createdAt(),
                    user.changedAt(),
                    user.passwordBy());
        }
    }

    /** All users, by name. */
    record UsersView(List<UserView> users) {}

    /**
     * What a user is to be.
     *
     * @param password stays as it is when it is not given
     */
    record UserBody(
            @Nullable List<String> roles,
            @Nullable List<String> sources,
            @Nullable String password,
            @Nullable String reason,
            @Nullable String by) {

        /** Without the password: it is a secret. */
        @Override
        public String toString() {
            return "UserBody[roles=%s, sources=%s]".formatted(roles, sources);
        }
    }

    @GetMapping
    UsersView list() {
        return new UsersView(users.all().stream().map(UserView::of).toList());
    }

    @PutMapping("/{name}")
    UserView put(@PathVariable String name, @RequestBody UserBody body) {
        if (!Users.isName(name)) {
            throw Problem.badRequest(
                    "A user's name has 1 to 60 of the characters a-z 0-9 . _ @ - and begins with a letter or digit.");
        }
        var change = new Change(body.reason(), body.by());
        var result = users.put(
                name,
                roles(body.roles()),
                sources(body.sources()),
                password(body.password()),
                change.who(),
                change.cause());
        first.removeWhenChanged();
        return UserView.of(user(name, result));
    }

    @DeleteMapping("/{name}")
    UsersView delete(@PathVariable String name, @RequestBody Change change) {
        user(name, users.delete(name, change.who(), change.cause()));
        first.removeWhenChanged();
        return list();
    }

    private static User user(String name, Result result) {
        return switch (result) {
            case Result.Done(var user) -> user;
            case Result.NoSuchUser() -> throw Problem.notFound("There is no user %s.".formatted(name));
            case Result.LastAdministrator() ->
                throw Problem.conflict(
                        "%s is the last administrator; make another one first.".formatted(name), Map.of());
            case Result.OnlyItsHolder(String sentence) -> throw Problem.conflict(sentence, Map.of());
            case Result.NoPassword() ->
                throw Problem.badRequest(
                        "%s is a new user; say the password in the member 'password'.".formatted(name));
        };
    }

    private static Set<Role> roles(@Nullable List<String> words) {
        if (words == null) {
            throw Problem.badRequest("Say in the member 'roles' what the user may do; [] is nothing.");
        }
        var roles = EnumSet.noneOf(Role.class);
        for (String word : words) {
            roles.add(Role.named(word)
                    .orElseThrow(() -> Problem.badRequest(
                            "There is no such role; write requester, viewer, operator, approver or administrator.")));
        }
        return roles;
    }

    private static Set<String> sources(@Nullable List<String> sources) {
        if (sources == null) {
            return Set.of();
        }
        if (sources.stream()
                .anyMatch(each -> each.isEmpty()
                        || each.length() > LONGEST_SOURCE
                        || each.codePoints()
                                .anyMatch(point -> Character.isWhitespace(point) || Character.isISOControl(point)))) {
            throw Problem.badRequest(
                    "A source has 1 to 400 characters and no blanks; write it as the requests do, e.g. /contoso/billing.");
        }
        return Set.copyOf(sources);
    }

    static @Nullable Password password(@Nullable String text) {
        try {
            return text == null ? null : new Password(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }
}

package dev.offramp.operations;

import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.FirstPassword;
import dev.offramp.operations.access.Password;
import dev.offramp.operations.access.Role;
import dev.offramp.operations.access.Users;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who asks, as the service sees it, and that user's own password. */
@RestController
@RequestMapping("/api/v1/me")
class MeApi {

    private final Users users;
    private final FirstPassword first;

    MeApi(Users users, FirstPassword first) {
        this.users = users;
        this.first = first;
    }

    /** The caller. */
    record MeView(String name, List<String> roles, List<String> sources) {

        static MeView of(Caller caller) {
            return new MeView(
                    caller.name(),
                    caller.roles().stream().sorted().map(Role::word).toList(),
                    caller.sources().stream().sorted().toList());
        }
    }

    /** The password from now on. */
    record PasswordBody(@Nullable String password, @Nullable String reason) {

        /** Without the password: it is a secret. */
        @Override
        public String toString() {
            return "PasswordBody[…]";
        }
    }

    @GetMapping
    MeView show(Caller caller) {
        return MeView.of(caller);
    }

    @PutMapping("/password")
    MeView changePassword(@RequestBody PasswordBody body, Caller caller) {
        if (caller.proof() != Caller.Proof.USER) {
            throw Problem.conflict(
                    "Only a local user has a password here; you are %s.".formatted(caller.name()), Map.of());
        }
        String cause = new Change(body.reason(), null).cause();
        Password password = UsersApi.password(body.password());
        if (password == null) {
            throw Problem.badRequest("Say the new password in the member 'password'.");
        }
        users.changePassword(caller.name(), password, cause);
        first.removeWhenChanged();
        return MeView.of(caller);
    }
}

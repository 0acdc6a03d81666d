package dev.offramp.operations.access;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpMethod;

/**
 * All that can be asked of the API, and the roles that may: the one table. What is not in it is done for nobody. A
 * requester may what it may for its own sources only.
 */
public enum Verb {
    SEE_ONESELF("seeing who one is", Who.ANYBODY, "GET /api/v1/me"),
    CHANGE_OWN_PASSWORD("changing one's own password", Who.ANYBODY, "PUT /api/v1/me/password"),

    SEND("sending a request", Who.ASKING, "POST /api/v1/requests"),
    SEE_REQUESTS(
            "seeing requests",
            Who.SEEING_OWN,
            "GET /api/v1/requests",
            "GET /api/v1/requests/{number}",
            "GET /api/v1/requests/{number}/evidence"),
    WITHDRAW("withdrawing a request", Who.ASKING, "POST /api/v1/requests/{number}/withdraw"),
    RESUBMIT("resubmitting a request", Who.OPERATING, "POST /api/v1/requests/{number}/resubmit"),
    GIVE_UP("giving up a request", Who.OPERATING, "POST /api/v1/requests/{number}/give-up"),
    DECIDE_DOUBT("deciding about a request in doubt", Who.OPERATING, "POST /api/v1/requests/{number}/decide"),

    SEE_JOBS("seeing jobs", Who.SEEING, "GET /api/v1/jobs", "GET /api/v1/jobs/{job}"),
    SEE_RUNS(
            "seeing runs",
            Who.SEEING,
            "GET /api/v1/runs",
            "GET /api/v1/runs/{number}",
            "GET /api/v1/runs/{number}/rejected"),
    RUN("running a file", Who.OPERATING, "POST /api/v1/runs", "PUT /api/v1/runs/{number}/content"),

    SEE_BATCHES("seeing batches", Who.SEEING, "GET /api/v1/batches", "GET /api/v1/batches/{name}"),
    SEE_EXECUTIONS("seeing job executions", Who.SEEING, "GET /api/v1/executions", "GET /api/v1/executions/{id}"),
    RESTART_BATCH(
            "restarting a batch",
            Who.OPERATING,
            "POST /api/v1/batches/{name}/restart",
            "POST /api/v1/batches/restart",
            "POST /api/v1/executions/{id}/restart"),
    STOP_BATCH(
            "stopping a batch", Who.OPERATING, "POST /api/v1/batches/{name}/stop", "POST /api/v1/executions/{id}/stop"),
    ABANDON_BATCH(
            "abandoning a batch",
            Who.OPERATING,
            "POST /api/v1/batches/{name}/abandon",
            "POST /api/v1/executions/{id}/abandon"),

    SEE_HELD("seeing held requests", Who.SEEING, "GET /api/v1/held"),
    RELEASE_HELD("releasing held requests", Who.APPROVING, "POST /api/v1/held/release"),
    REJECT_HELD("rejecting held requests", Who.OPERATING, "POST /api/v1/held/reject"),

    SEE_DECISIONS(
            "seeing decisions that take two persons",
            Who.SEEING,
            "GET /api/v1/decisions",
            "GET /api/v1/decisions/{number}"),
    CONFIRM_DECISION("confirming somebody else's decision", Who.APPROVING, "POST /api/v1/decisions/{number}/confirm"),
    REJECT_DECISION("rejecting a decision", Who.DECIDING, "POST /api/v1/decisions/{number}/reject"),

    SEE_PLANS(
            "seeing plans",
            Who.SEEING,
            "GET /api/v1/plans",
            "GET /api/v1/plans/{number}",
            "GET /api/v1/plans/{number}/content",
            "GET /api/v1/plans/{number}/report"),
    MAKE_PLAN("making a plan", Who.DECIDING, "POST /api/v1/plans"),
    APPROVE_PLAN("approving a plan", Who.APPROVING, "POST /api/v1/plans/{number}/approve"),
    APPLY_PLAN("applying an approved plan", Who.DECIDING, "POST /api/v1/plans/{number}/apply"),
    DISCARD_PLAN("discarding a plan", Who.DECIDING, "POST /api/v1/plans/{number}/discard"),

    SEE_BUDGETS("seeing budgets", Who.SEEING, "GET /api/v1/budgets"),
    SEE_FREEZES("seeing freezes", Who.SEEING, "GET /api/v1/freezes"),

    SEE_BURSTS("seeing bursts", Who.SEEING, "GET /api/v1/bursts"),
    END_BURST("ending a burst", Who.APPROVING, "POST /api/v1/bursts/end"),

    SEE_BRAKES("seeing the brakes", Who.SEEING, "GET /api/v1/brakes"),
    PULL_BRAKE(
            "pulling a brake",
            Who.OPERATING,
            "PUT /api/v1/brakes/all",
            "PUT /api/v1/brakes/operation/{name}",
            "PUT /api/v1/brakes/source",
            "PUT /api/v1/brakes/group"),
    RELEASE_BRAKE(
            "releasing a brake",
            Who.OPERATING,
            "DELETE /api/v1/brakes/all",
            "DELETE /api/v1/brakes/operation/{name}",
            "DELETE /api/v1/brakes/source",
            "DELETE /api/v1/brakes/group"),

    SEE_TENANT_DOUBTS("seeing the sources in doubt", Who.SEEING, "GET /api/v1/tenant-doubts"),
    END_TENANT_DOUBT("ending the doubt about a source", Who.APPROVING, "DELETE /api/v1/tenant-doubts"),

    SEE_INTAKE("seeing the intake", Who.SEEING, "GET /api/v1/intake"),
    PAUSE_INTAKE("pausing the intake", Who.OPERATING, "POST /api/v1/intake/pause"),
    RESUME_INTAKE("resuming the intake", Who.OPERATING, "POST /api/v1/intake/resume"),
    SEE_RECOVERY("seeing what a restored database needs", Who.SEEING, "GET /api/v1/recovery"),
    RECOVER("recovering from a backup", Who.ADMINISTERING, "POST /api/v1/recovery"),
    SEE_REFUSED("seeing refused records", Who.SEEING, "GET /api/v1/refused", "GET /api/v1/refused/{number}"),

    SEE_RECONCILIATIONS(
            "seeing comparisons with Partner Center's records",
            Who.SEEING,
            "GET /api/v1/reconciliations",
            "GET /api/v1/reconciliations/{number}"),
    RECONCILE("comparing a day with Partner Center's records", Who.OPERATING, "POST /api/v1/reconciliations"),

    SEE_SCHEDULES("seeing schedules", Who.SEEING, "GET /api/v1/schedules"),
    SEE_AUDIT("seeing the audit trail", Who.SEEING, "GET /api/v1/audit", "GET /api/v1/audit/export"),
    SEE_DESCRIPTION("seeing the API's description", Who.SEEING, "GET /api/v1/openapi", "GET /api/v1/openapi.yaml"),

    SEE_SIGN_IN("seeing the sign-ins to Partner Center", Who.SEEING, "GET /api/v1/sign-in"),
    SIGN_IN(
            "signing in to Partner Center",
            Who.ADMINISTERING,
            "POST /api/v1/sign-in/browser",
            "POST /api/v1/sign-in/code",
            "POST /api/v1/sign-in/device",
            "POST /api/v1/sign-in/device/code",
            "POST /api/v1/sign-in/token"),

    SEE_USERS("seeing users", Who.ADMINISTERING, "GET /api/v1/users"),
    CHANGE_USER("changing a user", Who.ADMINISTERING, "PUT /api/v1/users/{name}"),
    DELETE_USER("deleting a user", Who.ADMINISTERING, "DELETE /api/v1/users/{name}");

    private final String doing;
    private final Set<Role> roles;
    private final List<Route> routes;

    Verb(String doing, Set<Role> roles, String... routes) {
        this.doing = doing;
        this.roles = roles;
        this.routes = Arrays.stream(routes).map(Route::of).toList();
    }

    /** The columns of the table. */
    private static final class Who {

        /** Whoever has logged in, of whatever role. */
        private static final Set<Role> ANYBODY = Set.of();

        private static final Set<Role> SEEING = Set.of(Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.ADMINISTRATOR);
        private static final Set<Role> SEEING_OWN =
                Set.of(Role.REQUESTER, Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.ADMINISTRATOR);
        private static final Set<Role> ASKING = Set.of(Role.REQUESTER, Role.OPERATOR, Role.ADMINISTRATOR);
        private static final Set<Role> OPERATING = Set.of(Role.OPERATOR, Role.ADMINISTRATOR);
        private static final Set<Role> APPROVING = Set.of(Role.APPROVER, Role.ADMINISTRATOR);
        private static final Set<Role> DECIDING = Set.of(Role.OPERATOR, Role.APPROVER, Role.ADMINISTRATOR);
        private static final Set<Role> ADMINISTERING = Set.of(Role.ADMINISTRATOR);
    }

    /**
     * One way to ask for it.
     *
     * @param path as the controllers write it, with the names of its parts in braces
     */
    public record Route(HttpMethod method, String path) {

        static Route of(String written) {
            var words = written.split(" ");
            return new Route(HttpMethod.valueOf(words[0]), words[1]);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** What it is, as the subject of a sentence: {@code restarting a batch}. */
    public String doing() {
        return doing;
    }

    /** Any one of these is needed; none: whoever has logged in. */
    public Set<Role> roles() {
        return roles;
    }

    public List<Route> routes() {
        return routes;
    }

    boolean isForEverybody() {
        return roles.isEmpty();
    }
}

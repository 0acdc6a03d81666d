package dev.offramp.operations;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Effect;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Role;
import dev.offramp.operations.access.Verb;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.handler.AbstractHandlerMethodMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** Tries the table of verbs on the running service: every route, each role, and nobody. */
class AccessTests {

    /** What answers without a log-in. */
    private static final Set<String> OPEN = Set.of("GET /actuator/health", "GET /actuator/health/**");

    /** What the framework maps and nobody may ask for. */
    private static final Set<String> CLOSED = Set.of("* /error", "GET /actuator");

    private final RunningService service = RunningService.get();

    @Test
    void knowsEveryRouteOfTheApplication() {
        var table = Arrays.stream(Verb.values())
                .flatMap(each -> each.routes().stream())
                .map(each -> nameless(each.toString()))
                .collect(Collectors.toSet());

        assertThat(mapped().map(Mapped::route))
                .hasSizeGreaterThan(25)
                .filteredOn(each -> !OPEN.contains(each) && !CLOSED.contains(each))
                .as("routes of the application that are not in the table of Verb")
                .allSatisfy(each -> assertThat(table).contains(each));
    }

    @Test
    void namesEachRouteOnce() {
        assertThat(Arrays.stream(Verb.values())
                        .flatMap(each -> each.routes().stream())
                        .map(each -> nameless(each.toString())))
                .doesNotHaveDuplicates();
    }

    @Test
    void tellsEveryControllerThatARequesterReachesWhoAsks() {
        var restricted = Arrays.stream(Verb.values())
                .filter(each -> each.roles().contains(Role.REQUESTER))
                .flatMap(each -> each.routes().stream())
                .map(each -> nameless(each.toString()))
                .collect(Collectors.toSet());

        assertThat(mapped().filter(each -> restricted.contains(each.route())))
                .as("methods that must look at the caller's sources")
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.method().getMethod().getParameterTypes())
                        .as(each.route())
                        .contains(Caller.class));
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void letsInWhoeverHasTheRoleAndNobodyElse(Verb verb) {
        for (var route : verb.routes()) {
            var nobody = ask(route, null);
            assertThat(nobody.status()).as("nobody " + route).isEqualTo(401);
            assertThat(nobody.contentType()).startsWith("application/problem+json");
            assertThat(nobody.detail()).contains("'login'");

            for (var role : Role.values()) {
                var answer = ask(route, service.issuer().token("jane", List.of(role.word()), List.of()));
                if (verb.roles().isEmpty() || verb.roles().contains(role)) {
                    assertThat(answer.status()).as(role + " " + route).isNotIn(401, 403);
                } else {
                    assertThat(answer.status()).as(role + " " + route).isEqualTo(403);
                    assertThat(answer.contentType()).startsWith("application/problem+json");
                    assertThat(answer.detail())
                            .contains("needs the role")
                            .contains("jane has the role " + role.word())
                            .contains(verb.roles().stream().map(Role::word).toList());
                }
            }
        }
    }

    @Test
    void givesNobodyWithoutARoleMoreThanToSeeWhoItIs() {
        String token = service.issuer().token("jane", List.of("king"), List.of());

        assertThat(service.ask("GET", "/api/v1/me", null, "Bearer " + token).status())
                .isEqualTo(200);
        assertThat(service.ask("GET", "/api/v1/brakes", null, "Bearer " + token).detail())
                .isEqualTo(
                        "Seeing the brakes needs the role viewer, operator, approver or administrator; jane has none.");
    }

    @Test
    void showsARequesterTheRequestsOfItsOwnSourcesOnly() {
        var ledger = service.ledger();
        var request = ledger.admit(cancel().of(customer("of a requester")).as("of a requester"));
        String own = service.issuer().token("crm", List.of("requester"), List.of("/contoso/billing", "/contoso/crm"));
        String other = service.issuer().token("shop", List.of("requester"), List.of("/contoso/shop"));
        String both = service.issuer().token("ann", List.of("requester", "viewer"), List.of());
        String byNumber = "/api/v1/requests/" + request.number();
        String byKey = "/api/v1/requests?source=%2Fcontoso%2Fbilling&id=of%20a%20requester";

        ledger.settle(request, done(Effect.CANCELLED), null);

        assertThat(get(byNumber, own).status()).isEqualTo(200);
        assertThat(get("/api/v1/requests", own).detail()).contains("/contoso/billing, /contoso/crm");
        assertThat(get("/api/v1/requests", other).body().path("requests")).isEmpty();
        assertThat(get(byKey, own).body().path("requests")).hasSize(1);
        assertThat(get(byNumber, both).status()).isEqualTo(200);
        assertThat(get(byNumber, other).status()).isEqualTo(404);
        assertThat(get(byNumber + "/evidence", own).status()).isEqualTo(200);
        assertThat(get(byNumber + "/evidence", other).status()).isEqualTo(404);
        assertThat(get("/api/v1/requests?customer=" + customer("of a requester"), other)
                        .body()
                        .path("requests"))
                .isEmpty();
        assertThat(get(byKey, other).status()).isEqualTo(403);
        assertThat(get(byKey, other).detail())
                .isEqualTo(
                        "Seeing requests of the source /contoso/billing is not for shop: a requester asks for its own"
                                + " sources, which are /contoso/shop.");
    }

    @Test
    void letsARequesterSendAndWithdrawForItsOwnSourcesOnly() {
        String own = service.issuer().token("crm", List.of("requester"), List.of("/contoso/billing"));
        String other = service.issuer().token("shop", List.of("requester"), List.of("/contoso/shop"));
        String message = """
                {"specversion":"1.0","type":"dev.offramp.cancel-subscription.v1","source":"/contoso/billing","id":"%s",
                 "time":"%s","data":{"customerId":"%s","subscriptionId":"6e7aa601-629e-461b-8933-0898c3cc3c7c",
                  "reason":"Contract terminated","requestedBy":"crm"}}""".formatted(UUID.randomUUID(), Clock.systemUTC().instant(), customer("of a requester"));

        var refused = send("/api/v1/requests", message, other);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.detail()).startsWith("Sending a request of the source /contoso/billing is not for shop");
        var sent = send("/api/v1/requests", message, own);
        assertThat(sent.body().path("result").asString())
                .as(sent.response().body())
                .isEqualTo("admitted");

        long number = sent.body().path("request").path("number").asLong();
        String withdraw = "/api/v1/requests/%d/withdraw".formatted(number);
        assertThat(send(withdraw, "{\"reason\":\"x\"}", other).status()).isEqualTo(404);
        assertThat(service.ledger()
                        .ledger()
                        .requests()
                        .byNumber(number)
                        .orElseThrow()
                        .isFinal())
                .isFalse();
        var withdrawn = send(withdraw, "{\"reason\":\"a mistake\"}", own).body().path("request");
        assertThat(withdrawn.path("reason").asString()).isEqualTo("by-source");
    }

    @Test
    void saysAmongTheActionsWhatTheRoleDoesNotAllow() {
        var ledger = service.ledger();
        var request = ledger.admit(cancel().of(customer("for a viewer")).as("for a viewer"));
        ledger.settle(request, done(Effect.CANCELLED), null);

        var actions = get(
                        "/api/v1/requests/" + request.number(),
                        service.issuer().token("jane", List.of("viewer"), List.of()))
                .body()
                .path("allowedActions");

        assertThat(actions).isNotEmpty().allSatisfy(each -> {
            assertThat(each.path("allowed").asBoolean()).isFalse();
            assertThat(each.path("why").asString()).contains("needs the role").contains("jane has the role viewer");
        });
    }

    @Test
    void saysWhatThereIsInsteadOfWhatThereIsNot() {
        assertThat(service.get("/api/v1/nothing").status()).isEqualTo(404);
        var wrongMethod = service.send("PATCH", "/api/v1/brakes", "{}");
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(wrongMethod.response().headers().firstValue("Allow")).contains("GET");
        assertThat(Stream.of("/error", "/actuator", "/actuator/prometheus", "/actuator/env", "/api/v1/batches/"))
                .allSatisfy(path -> assertThat(service.get(path).status()).isEqualTo(404));
    }

    private RunningService.Answer send(String path, String body, String token) {
        return service.ask("POST", path, body, "Bearer " + token);
    }

    private RunningService.Answer get(String path, String token) {
        return service.ask("GET", path, null, "Bearer " + token);
    }

    private RunningService.Answer ask(Verb.Route route, @org.jspecify.annotations.Nullable String token) {
        String path = route.path().replaceAll("\\{[^}]*}", "0");
        return service.ask(route.method().name(), path, "{}", token == null ? null : "Bearer " + token);
    }

    private record Mapped(String route, HandlerMethod method) {}

    /** Every method of every handler mapping: ours, the error page's and the actuator's. */
    private Stream<Mapped> mapped() {
        return service.beans(AbstractHandlerMethodMapping.class).values().stream()
                .flatMap(mapping -> ((AbstractHandlerMethodMapping<?>) mapping).getHandlerMethods().entrySet().stream())
                .flatMap(each -> routes((RequestMappingInfo) each.getKey())
                        .map(route -> new Mapped(nameless(route), each.getValue())));
    }

    private static Stream<String> routes(RequestMappingInfo info) {
        var methods = info.getMethodsCondition().getMethods();
        return info.getPatternValues().stream()
                .flatMap(path -> methods.isEmpty()
                        ? Stream.of("* " + path)
                        : methods.stream().map(method -> method + " " + path));
    }

    private static String nameless(String route) {
        return route.replaceAll("\\{[^}]*}", "{}");
    }
}

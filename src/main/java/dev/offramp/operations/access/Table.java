package dev.offramp.operations.access;

import dev.offramp.operations.access.Verb.Route;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** Looks up in the table of verbs what a request asks for, and lets through only what is in it. */
final class Table implements AuthorizationManager<RequestAuthorizationContext> {

    private record Line(PathPatternRequestMatcher path, Route route, Verb verb) {

        boolean isAskedBy(HttpServletRequest request) {
            return route.method().name().equals(request.getMethod()) && path.matches(request);
        }
    }

    private final List<Line> lines = Arrays.stream(Verb.values())
            .flatMap(verb -> verb.routes().stream()
                    .map(route -> new Line(PathPatternRequestMatcher.pathPattern(route.path()), route, verb)))
            .toList();

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends Authentication> authentication, RequestAuthorizationContext context) {
        return new AuthorizationDecision(authentication.get() instanceof CallerAuthentication proved
                && verb(context.getRequest()).filter(proved.caller()::may).isPresent());
    }

    /** What is asked for; empty when the API has no such thing. */
    Optional<Verb> verb(HttpServletRequest request) {
        return lines.stream()
                .filter(each -> each.isAskedBy(request))
                .map(Line::verb)
                .findFirst();
    }

    /** How else one may ask at this address. */
    List<String> methods(HttpServletRequest request) {
        return lines.stream()
                .filter(each -> each.path().matches(request))
                .map(each -> each.route().method().name())
                .distinct()
                .sorted()
                .toList();
    }
}

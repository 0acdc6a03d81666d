package dev.offramp.operations.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import tools.jackson.databind.json.JsonMapper;

/** Tells whoever is not let in, or may not do that, why: as a problem of RFC 9457 with a sentence. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private final Table table;
    private final JsonMapper json;
    private final String howToLogIn;

    Refusals(Table table, JsonMapper json, String howToLogIn) {
        this.table = table;
        this.json = json;
        this.howToLogIn = howToLogIn;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        HttpStatus status = HttpStatus.UNAUTHORIZED;
        String sentence = "The log-in is missing or wrong: send " + howToLogIn;
        if (why instanceof NotLetIn refused) {
            status = refused.status();
            sentence = refused.getMessage() + (status == HttpStatus.UNAUTHORIZED ? " Send " + howToLogIn : "");
            Long seconds = refused.retryAfterSeconds();
            if (seconds != null) {
                response.setHeader(HttpHeaders.RETRY_AFTER, seconds.toString());
            }
        }
        if (status == HttpStatus.UNAUTHORIZED) {
            // Not Basic, which would make a browser ask for a password and keep it for other sites to use.
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        answer(response, status, sentence);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
            throws IOException {
        var verb = table.verb(request);
        var methods = table.methods(request);
        if (verb.isPresent()) {
            answer(
                    response,
                    HttpStatus.FORBIDDEN,
                    Caller.current().refusal(verb.get()).orElse("This is not for you."));
        } else if (!methods.isEmpty()) {
            response.setHeader(HttpHeaders.ALLOW, String.join(", ", methods));
            answer(
                    response,
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "Nothing is done with %s here; there is %s."
                            .formatted(request.getMethod(), String.join(", ", methods)));
        } else {
            answer(
                    response,
                    HttpStatus.NOT_FOUND,
                    "There is nothing at %s; the API is described in docs/operations.md."
                            .formatted(request.getRequestURI()));
        }
    }

    private void answer(HttpServletResponse response, HttpStatus status, String sentence) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream()
                .write(json.writeValueAsString(ProblemDetail.forStatusAndDetail(status, sentence))
                        .getBytes(StandardCharsets.UTF_8));
    }
}

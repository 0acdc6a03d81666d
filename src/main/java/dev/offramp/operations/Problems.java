package dev.offramp.operations;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers every error of the API with a problem of RFC 9457 whose detail is a sentence. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ProblemDetail problem(Problem problem) {
        var detail = ProblemDetail.forStatusAndDetail(problem.status(), problem.sentence());
        problem.members().forEach(detail::setProperty);
        return detail;
    }

    @ExceptionHandler
    ProblemDetail wrongType(MethodArgumentTypeMismatchException wrong) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                "%s is '%s', which cannot be read.".formatted(wrong.getName(), wrong.getValue()));
    }

    @ExceptionHandler
    ProblemDetail notAllowed(AccessDeniedException denied) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, String.valueOf(denied.getMessage()));
    }

    /** 503, so that a command that hands over a file tries again by itself. */
    @ExceptionHandler({
        TransactionException.class,
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        UncategorizedSQLException.class
    })
    ProblemDetail withoutDatabase(Exception trouble) {
        var said = String.valueOf(
                NestedExceptionUtils.getMostSpecificCause(trouble).getMessage());
        LOG.warn("An API request could not be done, as the database does not do its part: {}", said);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The database is away, or cannot be written: %s. What was committed before stands; ask again when it is back."
                        .formatted(said.lines().findFirst().orElse("")));
    }

    @ExceptionHandler
    ProblemDetail bug(Exception bug) {
        LOG.error("An API request failed and changed nothing more; this is a bug or the database is away.", bug);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "The service could not do this; its log says why. What was committed before stands.");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException missing, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var detail = ProblemDetail.forStatusAndDetail(
                status,
                "There is nothing at /%s; the API is described in docs/operations.md."
                        .formatted(missing.getResourcePath()));
        return handleExceptionInternal(missing, detail, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var detail = ProblemDetail.forStatusAndDetail(
                status, "The body cannot be read as the JSON that is expected here; docs/operations.md has examples.");
        return handleExceptionInternal(unreadable, detail, headers, status, request);
    }
}

package dev.offramp.operations;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** Why something asked for through the API is not done: becomes an answer of RFC 9457, with a sentence. */
final class Problem extends RuntimeException {

    private final HttpStatus status;
    private final Map<String, Object> members;

    private Problem(HttpStatus status, String sentence, Map<String, Object> members) {
        super(sentence);
        this.status = status;
        this.members = members;
    }

    /** What was asked cannot be understood. */
    static Problem badRequest(String sentence) {
        return new Problem(HttpStatus.BAD_REQUEST, sentence, Map.of());
    }

    /** There is no such thing. */
    static Problem notFound(String sentence) {
        return new Problem(HttpStatus.NOT_FOUND, sentence, Map.of());
    }

    /** It was understood and does not fit what is the case. */
    static Problem conflict(String sentence, Map<String, Object> members) {
        return new Problem(HttpStatus.CONFLICT, sentence, members);
    }

    /** It is well-formed and cannot be taken. */
    static Problem unprocessable(String sentence, Map<String, Object> members) {
        return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, sentence, members);
    }

    HttpStatus status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }

    Map<String, Object> members() {
        return members;
    }
}

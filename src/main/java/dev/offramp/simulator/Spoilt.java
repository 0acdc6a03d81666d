package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a fault makes of an answer. */
final class Spoilt {

    private static final byte[] GARBAGE =
            "\u0000\u00ff{\"id\": <html>upstream said \u0007 nothing of use".getBytes(StandardCharsets.ISO_8859_1);

    private Spoilt() {}

    static HttpAnswer by(Fault fault, HttpAnswer answer) {
        return switch (fault.action()) {
            case CUT_OFF -> answer.ending(HttpAnswer.Ending.CUT_OFF);
            case RESET -> answer.ending(HttpAnswer.Ending.RESET);
            case HALF_BODY -> answer.ending(HttpAnswer.Ending.HALF_BODY);
            case ANSWER -> replacement(fault);
            case GARBAGE ->
                new HttpAnswer(200, Map.of("Content-Type", "application/json"), GARBAGE, HttpAnswer.Ending.COMPLETE);
            case DELAY, ACCEPT, EXPIRE_TOKENS -> answer;
        };
    }

    private static HttpAnswer replacement(Fault fault) {
        HttpAnswer answer =
                fault.body() == null ? HttpAnswer.empty(fault.status()) : HttpAnswer.json(fault.status(), fault.body());
        for (Map.Entry<String, String> header : fault.headers().entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}

package dev.offramp.batch;

import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.partnercenter.Denial;
import dev.offramp.safety.Brake;
import java.util.List;
import java.util.Optional;

/** Whether work may begin or go on: asked before each request and while it waits. */
final class Halts {

    private final Brake brake;
    private final Weather weather;

    Halts(Brake brake, Weather weather) {
        this.brake = brake;
        this.weather = weather;
    }

    /** What becomes of a request that may not be started now; empty when it may. */
    Optional<Worked> against(Request request, Run run, Procedure procedure) {
        List<Brake.Pulled> pulled = brake.list();
        pulled.stream()
                .filter(each -> each.scope() == Brake.Scope.ALL)
                .findFirst()
                .ifPresent(all -> run.stop(StopReason.BRAKE, all.sentence()));
        if (weather.isDown()) {
            run.stop(StopReason.OUTAGE, "Partner Center does not answer.");
        }
        if (!weather.canSignIn(Denial.APP_SIGN_IN)) {
            run.stop(StopReason.SIGN_IN, "There is no usable sign-in of the app; see bin/offramp batch show.");
        }
        Optional<Worked> stopped =
                run.stopped().map(stop -> new Worked.NotStarted(request, stop.reason(), stop.sentence()));
        if (stopped.isPresent()) {
            return stopped;
        }
        Optional<Worked> inPart = pulled.stream()
                .filter(each ->
                        each.appliesTo(request.operation(), request.key().source(), request.group()))
                .findFirst()
                .map(each -> new Worked.HandBack(request, each.sentence()));
        if (inPart.isPresent()) {
            return inPart;
        }
        return weather.canSignIn(procedure.signIn())
                ? Optional.empty()
                : Optional.of(new Worked.HandBack(
                        request,
                        "A person must sign in for " + request.operation().word() + "."));
    }
}

package dev.offramp.request;

import static dev.offramp.testing.Definitions.NO_JOBS;

import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.PartnerTenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An intake over a test's database, in observe mode, at {@link Events#NOW}. */
final class IntakeFixture {

    private final DataSource dataSource;
    private final Ledger ledger;

    IntakeFixture(DataSource dataSource) {
        this.dataSource = dataSource;
        this.ledger = Ledger.over(dataSource);
    }

    Intake intake() {
        return intakeWith(ledger.requests());
    }

    Intake intake(SourceTopics topics) {
        return intakeWith(ledger.requests(), topics);
    }

    Intake intakeWith(Requests requests) {
        return intakeWith(requests, SourceTopics.NONE);
    }

    private Intake intakeWith(Requests requests, SourceTopics topics) {
        return new Intake(
                new MessageReader(new MessageSchemas(), 256 * 1024),
                new Screening(
                        new Screening.Rules(
                                Mode.OBSERVE,
                                PartnerTenantId.of(Events.PARTNER),
                                Duration.ofDays(30),
                                true,
                                Map.of(),
                                NO_JOBS),
                        topics),
                requests,
                ledger.refusals(),
                ledger.offsets(),
                ledger.recoveries(),
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                () -> Events.NOW);
    }

    Ledger ledger() {
        return ledger;
    }

    Request request(String id) {
        return ledger.requests().byKey(new RequestKey("/contoso/billing", id)).orElseThrow();
    }

    List<String> ids() {
        return JdbcClient.create(dataSource)
                .sql("select id from request order by number")
                .query(String.class)
                .list();
    }

    /** The words of all outcomes of a request, oldest first. */
    List<String> outcomes(String id) {
        return ledger.outcomes().of(request(id).number()).stream()
                .map(outcome -> outcome.reason().word())
                .toList();
    }

    /** All refusals, oldest first. */
    List<Refusal> refusals() {
        return ledger.refusals().list(null, 1000).reversed().stream()
                .map(each -> each.refusal())
                .toList();
    }
}

package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is done to a customer whose domain is protected, whatever is asked and whoever releases it. */
@OnBothDatabases
class ProtectionInBatchesTests {

    private final BatchNode node;

    ProtectionInBatchesTests(TestDatabase database) {
        node = BatchNode.over(database.fresh(), "offramp.safety.protected-domains=*.contoso.example,fabrikam.example");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void holdsCancellationsAndUnlinksOfAProtectedDomainAndReleasesNobodyFromIt() {
        Request cancel = node.admit(cancel("a"));
        Request unlink = node.admit(unlink("b"));
        Request free = node.admit(cancel("c"));
        domain(cancel, "FABRIKAM.example");
        domain(unlink, "www.contoso.example");
        domain(free, "notcontoso.example");

        node.work();

        assertThat(node.told(cancel)).containsExactly(Reason.ADMITTED, Reason.PROTECTED_CUSTOMER);
        assertThat(node.lastOutcome(cancel).message())
                .endsWith("is on the protected list: its domain FABRIKAM.example stands there as fabrikam.example.");
        assertThat(node.told(unlink)).endsWith(Reason.PROTECTED_CUSTOMER);
        assertThat(node.told(free)).endsWith(Reason.DONE);

        release(cancel);
        node.work();

        assertThat(node.told(cancel)).endsWith(Reason.ADMITTED, Reason.PROTECTED_CUSTOMER);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void rejectsWhatCannotBeToldAndChangesNothing() {
        Request nameless = node.admit(cancel("a"));
        node.partnerCenter.profiles.put(
                nameless.customerId(), new Customer(nameless.customerId(), "A", null, "reseller"));

        node.work();

        assertThat(node.told(nameless)).containsExactly(Reason.ADMITTED, Reason.UNKNOWN_STATE);
        assertThat(node.lastOutcome(nameless).message()).contains("is protected cannot be told");
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    @Test
    void readsTheProfileWithinTheSlotsThatAreReservedTogether() {
        Request request = node.admit(cancel("a"));

        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.pace().reserved)
                .containsExactly(
                        List.of(ResourceClass.SUBSCRIPTION, ResourceClass.CUSTOMER, ResourceClass.SUBSCRIPTION));
        assertThat(node.pace().givenBack).hasValue(0);
    }

    @Test
    void saysOfAPlanThatProtectionWouldHoldIt() {
        Request plan = node.admit(cancel("a").planOnly());
        domain(plan, "fabrikam.example");

        node.work();

        assertThat(node.told(plan)).endsWith(Reason.PLAN_ONLY);
        assertThat(node.lastOutcome(plan).details().heldBackBy()).containsExactly("protected-customer");
    }

    private void domain(Request request, String domain) {
        node.partnerCenter.profiles.put(
                request.customerId(),
                new Customer(request.customerId(), "Contoso", "contoso.example", List.of(domain), "reseller"));
    }

    private void release(Request request) {
        node.ledger()
                .requests()
                .settle(
                        node.read(request),
                        Resolution.of(Reason.ADMITTED, Effect.NONE, "A person released it.", Details.NONE),
                        null,
                        node.clock.instant());
    }
}

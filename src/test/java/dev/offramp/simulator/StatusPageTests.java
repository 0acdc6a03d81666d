package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusPageTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";

    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .named("A & B")
                    .limit(Limit.perMinute("subscription", 500))
                    .fault(Fault.on("unlink").waitsAfterTheEffect(Duration.ofSeconds(3)))
                    .customer(
                            "<Contoso>",
                            c -> c.id(CUSTOMER).domain("contoso.example").newCommerceLicence(s -> s.id(SUBSCRIPTION)))
                    .customer("Fabrikam", c -> c)
                    .build(),
            0);
    private final Caller caller = Caller.asUser(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void showsPeopleWhatArrivedAndWhatIsHeld() {
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        caller.cancel(CUSTOMER, SUBSCRIPTION);

        String page = caller.with("Accept", "text/html,*/*").get("/simulator").body();

        assertThat(page)
                .contains(
                        "A &amp; B", "&lt;Contoso&gt;", "400 / 2011", "subscription " + SUBSCRIPTION, "partner tenant")
                .doesNotContain("<Contoso>", "http://", "https://");
    }

    @Test
    void findsCustomersByName() {
        String page =
                caller.with("Accept", "text/html").get("/simulator?q=FABRI").body();

        assertThat(page).contains("Fabrikam").doesNotContain("Contoso");
    }

    @Test
    void tellsProgramsWhatThereIs() {
        assertThat(caller.get("/simulator").json().path("resources").toString()).contains("POST /simulator/clock");
        assertThat(caller.get("/simulator/limits")
                        .json()
                        .path("limits")
                        .path(0)
                        .path("calls")
                        .asInt())
                .isEqualTo(500);
    }
}

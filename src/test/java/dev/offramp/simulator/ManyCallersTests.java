package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ManyCallersTests {

    private static final int CUSTOMERS = 200;

    @Test
    void keepsCountWhenManyCallAtOnce() throws Exception {
        Scenario scenario = Scenario.builder()
                .customer("Quiet {nnn}", c -> c.times(CUSTOMERS).newCommerceLicence(s -> s))
                .build();
        try (PartnerCenterSimulator simulator = PartnerCenterSimulator.start(scenario, 0);
                Caller caller = Caller.asApplication(simulator);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> first = new ArrayList<>();
            List<Future<Integer>> second = new ArrayList<>();
            for (CustomerSeed customer : scenario.customers()) {
                String subscription = customer.subscriptions().getFirst().id();
                first.add(threads.submit(
                        () -> caller.cancel(customer.id(), subscription).status()));
                second.add(threads.submit(
                        () -> caller.cancel(customer.id(), subscription).status()));
            }
            for (int i = 0; i < CUSTOMERS; i++) {
                assertThat(List.of(first.get(i).get(), second.get(i).get())).containsExactlyInAnyOrder(200, 400);
            }

            assertThat(simulator.calls())
                    .hasSize(2 * CUSTOMERS)
                    .extracting(Call::number)
                    .isSorted();
            assertThat(simulator.calls()).filteredOn(Call::changed).hasSize(CUSTOMERS);
        }
    }
}

package dev.offramp.chaos;

import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import java.util.concurrent.CountDownLatch;

/** Partner Center as a process: request ids mean nothing to it, and it says 200 to what it has done already. */
final class SimulatorProcess {

    static final String REFRESH_TOKEN = "a refresh token for chaos";
    static final String PARTNER = "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10";

    private SimulatorProcess() {}

    /** @param args port, number of targets, seed */
    public static void main(String[] args) throws InterruptedException {
        var scenario = Scenario.builder()
                .partnerTenant(PARTNER)
                .refreshToken(REFRESH_TOKEN)
                .toleratesReusedRefreshTokens()
                .seed(Long.parseLong(args[2]))
                .where("idempotentRequestIds", false)
                .where("deletedAgain", "200")
                .where("unlinkedAgain", "200");
        for (int each = 0; each < Integer.parseInt(args[1]); each++) {
            var wish = Wish.numbered(each);
            scenario.customer(
                    wish.customerName(),
                    customer -> wish.operation().equals(Wish.UNLINK)
                            ? customer.id(wish.customer())
                            : customer.id(wish.customer())
                                    .newCommerceLicence(
                                            s -> s.id(wish.subscription()).cancellableUntil("+5d")));
        }
        var simulator = PartnerCenterSimulator.start(scenario.build(), Integer.parseInt(args[0]));
        System.out.println("Simulator at " + simulator.baseUri());
        new CountDownLatch(1).await();
    }
}

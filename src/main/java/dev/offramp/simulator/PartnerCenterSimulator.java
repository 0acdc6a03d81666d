package dev.offramp.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A running Partner Center on the loopback address, together with everything it remembers. */
public final class PartnerCenterSimulator implements AutoCloseable {

    private final Scenario scenario;
    private final ServerClock clock;
    private final FaultBook faults = new FaultBook();
    private final Throttle throttle = new Throttle();
    private final CallLog log = new CallLog();
    private final Control control = new Control(this);
    private volatile Holding holding;
    private final HttpListener listener;

    private PartnerCenterSimulator(Scenario scenario, int port, InstantSource clock) throws IOException {
        this.scenario = scenario;
        this.clock = new ServerClock(clock);
        holding = begin();
        listener = new HttpListener(port, this::answer);
    }

    /** @param port 0 takes any free port */
    public static PartnerCenterSimulator start(Scenario scenario, int port) {
        return start(scenario, port, InstantSource.system());
    }

    /**
     * Starts with a clock of the caller's: windows, token lifetimes, holds and propagation follow it. Only injected delays
     * are waited for in real time.
     *
     * @throws UncheckedIOException when the port is taken
     */
    public static PartnerCenterSimulator start(Scenario scenario, int port, InstantSource clock) {
        try {
            return new PartnerCenterSimulator(scenario, port, clock);
        } catch (BindException e) {
            throw new UncheckedIOException("Port " + port + " cannot be used: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.port();
    }

    /** The address without a path: {@code /v1} and the token endpoint lie below it. */
    public URI baseUri() {
        return URI.create("http://" + listener.host() + ":" + port());
    }

    public Scenario scenario() {
        return scenario;
    }

    /** Every call that asked for a change, in order of arrival. */
    public List<Call> calls() {
        settle();
        return log.calls();
    }

    /** Every read, in order of arrival. */
    public List<Read> reads() {
        return log.reads();
    }

    /** How many reads of each kind arrived. */
    public Map<String, Integer> readCounts() {
        return log.readCounts();
    }

    /** Every span in which the simulator has asked not to be called. */
    public List<Hold> holds() {
        return throttle.holds();
    }

    /** Customers, subscriptions and entitlements as they truly are, whatever reads still show. */
    public JsonNode state() {
        return state(null);
    }

    /** The same for one customer. */
    public JsonNode stateOf(String customer) {
        return state(customer);
    }

    private JsonNode state(@Nullable String only) {
        settle();
        Holding now = holding;
        synchronized (now.world()) {
            return now.world().state(only, clock.instant());
        }
    }

    /** How many customers there are, whosever they are. */
    public int customerCount() {
        Holding now = holding;
        synchronized (now.world()) {
            return now.world().count();
        }
    }

    /** The first customers whose name or id contains the text. */
    List<JsonNode> find(String text, int most) {
        settle();
        Holding now = holding;
        synchronized (now.world()) {
            return now.world().find(text, most, clock.instant());
        }
    }

    /** The rate limits that hold now. */
    public List<Limit> limits() {
        return throttle.limits();
    }

    /** Sets the server's clock so far ahead of the true one. */
    public void skewClock(Duration ahead) {
        clock.ahead(ahead);
    }

    /** Turns the server's clock forward: windows close, terms end, tokens grow old. */
    public void advanceClock(Duration by) {
        clock.advance(by);
    }

    Instant now() {
        return clock.instant();
    }

    public List<Fault> faults() {
        return faults.faults();
    }

    public void add(Fault fault) {
        faults.add(fault);
    }

    public void clearFaults() {
        faults.clear();
    }

    /** Refuses calls that are still to come; its count begins now. */
    public void add(Burst burst) {
        throttle.add(burst);
    }

    /** Replaces all rate limits; their windows begin anew. */
    public void limit(List<Limit> limits) {
        throttle.limit(limits);
    }

    /** Access tokens given out so far are answered 401 from now on. */
    public void revokeAccessTokens() {
        holding.tokens().revoke();
    }

    /** Refresh tokens given out so far are {@code invalid_grant} from now on. */
    public void revokeRefreshTokens() {
        holding.tokens().forgetRefreshTokens();
    }

    /** A person enters the device codes that wait. */
    public void approveDeviceCodes() {
        holding.signIns().decide(SignIns.Decision.APPROVED);
    }

    /** A person declines the device codes that wait. */
    public void declineDeviceCodes() {
        holding.signIns().decide(SignIns.Decision.DECLINED);
    }

    /** The refresh token that works now. */
    public String refreshToken() {
        return holding.tokens().refreshToken();
    }

    /** Begins the scenario anew: state, tokens, faults, limits and all lists. */
    public void reset() {
        holding = begin();
        log.clear();
    }

    private Holding begin() {
        clock.ahead(scenario.settings().clockSkew());
        World world = new World(scenario, clock.instant());
        Tokens tokens = new Tokens(scenario.settings(), clock.instant());
        SignIns signIns = new SignIns(scenario.settings().signIn());
        faults.start(scenario.faults(), scenario.seed());
        throttle.start(
                scenario.limits(),
                scenario.bursts(),
                scenario.settings().unknowns().throttleScope());
        Api api = new Api(clock, scenario.settings(), world, tokens, signIns, throttle, faults, log);
        return new Holding(world, tokens, signIns, api);
    }

    private void settle() {
        Holding now = holding;
        synchronized (now.world()) {
            now.world().settle(clock.instant());
        }
    }

    private HttpAnswer answer(HttpRequest request) {
        try {
            return Control.serves(request)
                    ? control.answer(request)
                    : holding.api().answer(request);
        } catch (RuntimeException bug) {
            // A bug of the simulator must not look like a fault that somebody asked for.
            System.Logger logger = System.getLogger(PartnerCenterSimulator.class.getName());
            logger.log(System.Logger.Level.ERROR, "The simulator failed at " + request.target(), bug);
            return HttpAnswer.text(500, "The simulator itself failed: " + bug);
        }
    }

    @Override
    public void close() {
        listener.close();
    }

    private record Holding(World world, Tokens tokens, SignIns signIns, Api api) {}
}

package dev.offramp.operations;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Requests;
import dev.offramp.partnercenter.SignIns;
import dev.offramp.request.RequestsByHand;
import dev.offramp.safety.Approvals;
import dev.offramp.safety.DecisionBook;
import dev.offramp.safety.DoubtDecisions;
import dev.offramp.safety.FourEyes;
import dev.offramp.safety.PlanApplying;
import dev.offramp.safety.Plans;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the API. */
@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {

    @Bean
    HeldChanges heldChanges(
            Requests requests,
            Approvals approvals,
            Audit audit,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new HeldChanges(requests, approvals, audit, new TransactionTemplate(transactions), clock);
    }

    @Bean
    PlanChanges planChanges(
            Plans plans,
            Approvals approvals,
            Requests requests,
            RequestsByHand byHand,
            Attempts attempts,
            DecisionBook book,
            FourEyes rule,
            Mode mode,
            Audit audit,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        var applying = new PlanApplying(
                plans,
                requests,
                attempts,
                book,
                rule,
                new PlanSuccessors(byHand, requests, audit),
                mode,
                new TransactionTemplate(transactions));
        return new PlanChanges(plans, approvals, applying, clock);
    }

    @Bean
    RequestChanges requestChanges(
            Requests requests,
            RequestsByHand byHand,
            Batches batches,
            DoubtDecisions doubts,
            Audit audit,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new RequestChanges(
                requests, byHand, batches, doubts, audit, new TransactionTemplate(transactions), clock);
    }

    @Bean
    Evidence evidence(Attempts attempts, Decisions decisions, Outcomes outcomes, Audit audit) {
        return new Evidence(attempts, decisions, outcomes, audit);
    }

    @Bean
    Timeline timeline(Requests requests, Attempts attempts, Decisions decisions, Outcomes outcomes, Audit audit) {
        return new Timeline(requests, attempts, decisions, outcomes, audit);
    }

    @Bean
    BatchChanges batchChanges(
            Batches batches,
            Requests requests,
            Executions executions,
            Audit audit,
            PlatformTransactionManager transactions,
            InstantSource clock,
            ApplicationEventPublisher events) {
        return new BatchChanges(
                batches,
                requests,
                executions,
                audit,
                new TransactionTemplate(transactions),
                clock,
                events::publishEvent);
    }

    @Bean
    SignInChanges signInChanges(
            SignIns signIns,
            Audit audit,
            PlatformTransactionManager transactions,
            InstantSource clock,
            ApplicationEventPublisher events) {
        return new SignInChanges(signIns, audit, new TransactionTemplate(transactions), clock, events::publishEvent);
    }

    @Bean
    Executions executions(JobRepository repository, JdbcClient jdbc) {
        return new Executions(repository, jdbc);
    }

    /** A node that lives for one command has a log-in file of its own, and leaves the one of the home alone. */
    @Bean
    ServiceLogin serviceLogin(
            ObjectProvider<LoginFile> own, @Qualifier("offrampHome") Path home, ServerProperties server) {
        Integer port = server.getPort();
        return ServiceLogin.open(
                own.getIfAvailable(() -> LoginFile.in(home)), address(server, port == null ? 8080 : port));
    }

    /** The port is known for certain only when the server listens: {@code server.port=0} takes any free one. */
    @Bean
    ApplicationListener<WebServerInitializedEvent> addressNote(ServiceLogin login, ServerProperties server) {
        return event -> {
            if (event.getApplicationContext().getServerNamespace() == null) {
                login.answersAt(address(server, event.getWebServer().getPort()));
            }
        };
    }

    private static URI address(ServerProperties server, int port) {
        var ssl = server.getSsl();
        String scheme = ssl != null && ssl.isEnabled() ? "https" : "http";
        String path = server.getServlet().getContextPath();
        return URI.create("%s://%s:%d%s".formatted(scheme, host(server.getAddress()), port, path == null ? "" : path));
    }

    private static String host(@Nullable InetAddress address) {
        if (address == null || address.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        String host = address.getHostAddress();
        return host.contains(":") ? "[%s]".formatted(host) : host;
    }
}

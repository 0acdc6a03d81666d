package dev.offramp.operations;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Requests;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Wires the API, and that it answers nobody without the log-in. */
@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {

    @Bean
    HeldChanges heldChanges(
            Requests requests, Audit audit, PlatformTransactionManager transactions, InstantSource clock) {
        return new HeldChanges(requests, audit, new TransactionTemplate(transactions), clock);
    }

    @Bean
    RequestChanges requestChanges(
            Requests requests,
            Batches batches,
            Audit audit,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new RequestChanges(requests, batches, audit, new TransactionTemplate(transactions), clock);
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
    Executions executions(JobRepository repository, JdbcClient jdbc) {
        return new Executions(repository, jdbc);
    }

    @Bean
    ServiceLogin serviceLogin(@Qualifier("offrampHome") Path home, ServerProperties server) {
        Integer port = server.getPort();
        return ServiceLogin.open(LoginFile.in(home), address(server, port == null ? 8080 : port));
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

    @Bean
    SecurityFilterChain security(HttpSecurity http, ServiceLogin login, JsonMapper json) {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .addFilterBefore(new TokenFilter(login), AnonymousAuthenticationFilter.class)
                .exceptionHandling(problems -> problems.authenticationEntryPoint(unauthorized(json)))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // No cookie carries the log-in, so that no other site can use it.
                .csrf(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    private static AuthenticationEntryPoint unauthorized(JsonMapper json) {
        return (_, response, _) -> answerUnauthorized(json, response);
    }

    private static void answerUnauthorized(JsonMapper json, HttpServletResponse response) throws IOException {
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.UNAUTHORIZED,
                "The log-in is missing or wrong: send the token of the file 'login' in the service's offramp.home as a bearer token.");
        response.setStatus(HttpStatus.UNAUTHORIZED.value());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8));
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

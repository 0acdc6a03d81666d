package dev.offramp.operations.access;

import dev.offramp.ledger.Audit;
import dev.offramp.operations.access.ApiProperties.Jwt;
import dev.offramp.safety.FourEyes;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Wires who is let in, and that nothing but health answers anybody else. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiProperties.class)
class AccessConfiguration {

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    Users users(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            PasswordEncoder encoder,
            Audit audit,
            InstantSource clock,
            FourEyes rule) {
        return new Users(
                jdbc, new TransactionTemplate(transactions), encoder, audit, clock, new Persons(rule.persons()));
    }

    @Bean
    FirstPassword firstPassword(@Qualifier("offrampHome") Path home, Users users) {
        return new FirstPassword(home, users);
    }

    /** Before anybody can ask. */
    @Bean
    SmartInitializingSingleton firstAdministrator(FirstPassword first, ApiProperties properties) {
        return () -> {
            if (properties.localUsers()) {
                first.prepare();
            }
        };
    }

    @Bean
    SecurityFilterChain security(
            HttpSecurity http,
            LoginToken login,
            Users users,
            PasswordEncoder encoder,
            ApiProperties properties,
            InstantSource clock,
            JsonMapper json) {
        var table = new Table();
        var refusals = new Refusals(table, json, howToLogIn(properties));
        var proofs = proofs(login, users, encoder, properties, clock);
        var bearers = new BearerTokenAuthenticationFilter(proofs);
        bearers.setAuthenticationEntryPoint(refusals);
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness")
                        .permitAll()
                        .anyRequest()
                        .access(table))
                .addFilterBefore(bearers, AnonymousAuthenticationFilter.class)
                .addFilterBefore(new BasicAuthenticationFilter(proofs, refusals), AnonymousAuthenticationFilter.class)
                .exceptionHandling(
                        problems -> problems.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // No cookie carries the log-in, so that no other site can use it.
                .csrf(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    @Bean
    WebMvcConfigurer callerParameter() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerParameter());
            }
        };
    }

    static AuthenticationManager proofs(
            LoginToken login, Users users, PasswordEncoder encoder, ApiProperties properties, InstantSource clock) {
        var providers = new ArrayList<AuthenticationProvider>();
        providers.add(new LoginTokenProvider(login));
        URI issuer = properties.jwt().issuer();
        if (issuer != null) {
            providers.add(new IssuedTokenProvider(decoder(issuer, properties.jwt(), clock), properties.jwt(), clock));
        }
        if (properties.localUsers()) {
            providers.add(new UserProvider(users, encoder, new Guesses(clock)));
        }
        return new ProviderManager(providers);
    }

    private static JwtDecoder decoder(URI issuer, Jwt rules, InstantSource clock) {
        var decoder = NimbusJwtDecoder.withJwkSource(IssuerKeys.of(issuer))
                // Signed with a private key, by whichever way; never with a secret that two know.
                .jwsAlgorithms(ways -> ways.addAll(EnumSet.allOf(SignatureAlgorithm.class)))
                .build();
        decoder.setJwtValidator(validator(issuer, rules, clock));
        return decoder;
    }

    private static OAuth2TokenValidator<org.springframework.security.oauth2.jwt.Jwt> validator(
            URI issuer, Jwt rules, InstantSource clock) {
        var times = new JwtTimestampValidator();
        times.setClock(clock.withZone(ZoneOffset.UTC));
        times.setAllowEmptyExpiryClaim(false);
        return new DelegatingOAuth2TokenValidator<>(
                times,
                new JwtIssuerValidator(issuer.toString()),
                new JwtClaimValidator<Object>(
                        JwtClaimNames.AUD,
                        audience -> audience instanceof Collection<?> all && all.contains(rules.audience())));
    }

    private static String howToLogIn(ApiProperties properties) {
        var ways = new ArrayList<String>();
        ways.add("the token of the file 'login' in the service's offramp.home as a bearer token");
        if (properties.jwt().issuer() != null) {
            ways.add("a bearer token of %s".formatted(properties.jwt().issuer()));
        }
        if (properties.localUsers()) {
            ways.add("the name and password of a user (HTTP Basic)");
        }
        return String.join(", or ", ways) + ".";
    }
}

package dev.offramp.operations.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The keys of an issuer, found by OpenID Connect discovery when the first token comes: the start does not wait for it. */
final class IssuerKeys implements JWKSetSource<SecurityContext> {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A token with a key that nobody knows makes us ask again; without a limit anybody could make us ask for ever. */
    private static final Duration TWICE_IN = Duration.ofSeconds(30);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI issuer;
    private final RestTemplate http;

    private IssuerKeys(URI issuer, RestTemplate http) {
        this.issuer = issuer;
        this.http = http;
    }

    static JWKSource<SecurityContext> of(URI issuer) {
        var requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(TIMEOUT);
        requests.setReadTimeout(TIMEOUT);
        return JWKSourceBuilder.create(new IssuerKeys(issuer, new RestTemplate(requests)))
                .rateLimited(TWICE_IN.toMillis())
                .refreshAheadCache(false)
                .build();
    }

    @Override
    public JWKSet getJWKSet(@Nullable JWKSetCacheRefreshEvaluator known, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            var found = JSON.readTree(text(discovery()));
            String named = found.path("issuer").asString("");
            if (!named.equals(issuer.toString())) {
                throw new JWKSetUnavailableException("%s says that it is %s".formatted(discovery(), named));
            }
            return JWKSet.parse(text(URI.create(found.path("jwks_uri").asString(""))));
        } catch (RestClientException | JacksonException | ParseException | IllegalArgumentException e) {
            throw new JWKSetUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private URI discovery() {
        return URI.create(issuer.toString().replaceFirst("/$", "") + "/.well-known/openid-configuration");
    }

    private String text(URI address) {
        String body = http.getForObject(address, String.class);
        return body == null ? "" : body;
    }

    @Override
    public void close() {
        // Nothing stays open.
    }
}

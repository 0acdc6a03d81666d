package dev.offramp.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An issuer of tokens with a key of its own, which it publishes over HTTP as real ones do. */
public final class TokenIssuer {

    public static final String AUDIENCE = "offramp-tests";

    private final HttpServer server;
    private final RSAKey key;

    private final AtomicInteger asked = new AtomicInteger();

    private TokenIssuer(HttpServer server, RSAKey key) {
        this.server = server;
        this.key = key;
    }

    public static TokenIssuer start() {
        try {
            var key = new RSAKeyGenerator(2048).keyID("one").generate();
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            var issuer = new TokenIssuer(server, key);
            issuer.serve(
                    "/.well-known/openid-configuration",
                    "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(issuer.address(), issuer.address()));
            issuer.serve("/keys", new JWKSet(key.toPublicJWK()).toString());
            server.start();
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(String path, String json) {
        server.createContext(path, exchange -> {
            try (exchange) {
                asked.incrementAndGet();
                var bytes = json.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many requests it was sent. */
    public int asked() {
        return asked.get();
    }

    public void stop() {
        server.stop(0);
    }

    /** A token that is in order. */
    public String token(String name, List<String> roles, List<String> sources) {
        return token(claims -> claims.subject(name).claim("roles", roles).claim("sources", sources));
    }

    /** A token that is in order but for what is changed. */
    public String token(UnaryOperator<JWTClaimsSet.Builder> change) {
        return signed(change, key);
    }

    /** Signed with a key that the issuer does not know, under a name, which is {@code one} for the key that it knows. */
    public String forged(String keyName, UnaryOperator<JWTClaimsSet.Builder> change) {
        try {
            return signed(change, new RSAKeyGenerator(2048).keyID(keyName).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String unsigned(UnaryOperator<JWTClaimsSet.Builder> change) {
        return new PlainJWT(claims(change)).serialize();
    }

    private String signed(UnaryOperator<JWTClaimsSet.Builder> change, RSAKey with) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(with.getKeyID())
                            .build(),
                    claims(change));
            token.sign(new RSASSASigner(with));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        var usual = new JWTClaimsSet.Builder()
                .issuer(address().toString())
                .audience(AUDIENCE)
                .expirationTime(Date.from(Instant.parse("2999-01-01T00:00:00Z")));
        return change.apply(usual).build();
    }
}

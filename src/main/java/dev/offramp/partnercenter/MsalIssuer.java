package dev.offramp.partnercenter;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalInteractionRequiredException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import dev.offramp.offboarding.PartnerTenantId;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Microsoft Entra ID through MSAL4J. Each call uses a client application of its own: MSAL's cache keeps the rotated
 * refresh token to itself, so we read it from the answer and keep all tokens ourselves.
 */
final class MsalIssuer implements Issuer {

    private final Account account;
    private final URI authority;
    private final String msalAuthority;
    private final Duration connectTimeout;
    private final Duration deadline;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Who asks, for what; the credential never prints.
     *
     * @param credential null when there is none, so that nothing can be asked for
     */
    record Account(
            PartnerTenantId tenant,
            String clientId,
            @Nullable Credential credential,
            String resource) {

        Account(PartnerTenantId tenant, String clientId, String clientSecret, String resource) {
            this(tenant, clientId, new Credential.Secret(clientSecret), resource);
        }

        String appScope() {
            return resource + "/.default";
        }

        String userScope() {
            return resource + "/user_impersonation";
        }

        @Override
        public String toString() {
            return "Account[%s, %s, credential not shown]".formatted(tenant, clientId);
        }
    }

    MsalIssuer(Account account, URI authority, Duration connectTimeout, Duration deadline) {
        this.account = account;
        this.authority = authority;
        this.connectTimeout = connectTimeout;
        this.deadline = deadline;
        // MSAL accepts https only; for the simulator the address is rewritten on its way out.
        String base =
                authority.getScheme().equals("https") ? authority.toString() : "https://login.microsoftonline.com";
        msalAuthority = base.replaceAll("/+$", "") + "/" + account.tenant() + "/";
    }

    @Override
    public Issue forApp() {
        Set<String> scopes = Set.of(account.appScope());
        return ask(app -> app.acquireToken(
                ClientCredentialParameters.builder(scopes).skipCache(true).build()));
    }

    @Override
    public Issue forUser(String refreshToken) {
        return ask(app -> app.acquireToken(RefreshTokenParameters.builder(Set.of(account.userScope()), refreshToken)
                .build()));
    }

    @Override
    public Issue forCode(Code code) {
        return ask(app -> app.acquireToken(AuthorizationCodeParameters.builder(code.value(), code.redirect())
                .codeVerifier(code.verifier())
                .scopes(Set.of(account.userScope()))
                .build()));
    }

    private Issue ask(Function<ConfidentialClientApplication, CompletableFuture<IAuthenticationResult>> how) {
        Credential credential = account.credential();
        if (account.clientId().isBlank() || credential == null) {
            return new Issue.Refusal(
                    false,
                    "write offramp.partner-center.client-id and client-secret or certificate; one of them is empty");
        }
        TokenHttp http = new TokenHttp(authority, connectTimeout, deadline, threads);
        CompletableFuture<IAuthenticationResult> future = null;
        try {
            future = how.apply(application(http, credential));
            IAuthenticationResult result = future.get(deadline.toMillis() * 2, TimeUnit.MILLISECONDS);
            TokenAnswer answer = TokenAnswer.of(http.lastBody());
            return new Issue.Tokens(
                    result.accessToken(), answer.refreshToken(), answer.lifetime(), Claims.of(result.accessToken()));
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            future.cancel(true);
            return new Issue.Silence("no token within " + deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Issue.Silence("interrupted while waiting for a token");
        } catch (MalformedURLException | MsalClientException e) {
            return failed(e);
        }
    }

    private ConfidentialClientApplication application(TokenHttp http, Credential credential)
            throws MalformedURLException {
        return ConfidentialClientApplication.builder(account.clientId(), forMsal(credential))
                .authority(msalAuthority)
                .instanceDiscovery(false)
                .httpClient(http)
                .executorService(threads)
                .disableInternalRetries()
                .build();
    }

    private static IClientCredential forMsal(Credential credential) {
        return switch (credential) {
            case Credential.Secret secret -> ClientCredentialFactory.createFromSecret(secret.value());
            case Credential.Certificate certificate ->
                ClientCredentialFactory.createFromCertificateChain(certificate.key(), certificate.chain());
        };
    }

    private static Issue failed(Throwable failure) {
        if (failure instanceof MsalServiceException service) {
            String error = service.errorCode() == null ? "" : service.errorCode();
            Integer status = service.statusCode();
            if (failure instanceof MsalInteractionRequiredException || EntraErrors.isAboutUser(error)) {
                return new Issue.Refusal(true, EntraErrors.words(service.getMessage(), error, true));
            }
            if (status != null && status >= 400 && status < 500 && status != 429 && status != 408) {
                return new Issue.Refusal(false, EntraErrors.words(service.getMessage(), error, false));
            }
            return new Issue.Silence(EntraErrors.oneLine(service.getMessage(), error));
        }
        return new Issue.Silence(
                EntraErrors.oneLine(failure.getMessage(), failure.getClass().getSimpleName()));
    }
}

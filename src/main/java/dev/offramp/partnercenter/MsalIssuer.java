package dev.offramp.partnercenter;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalInteractionRequiredException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import dev.offramp.offboarding.PartnerTenantId;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
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

    private static final Set<String> ABOUT_USER =
            Set.of("invalid_grant", "interaction_required", "login_required", "consent_required");

    private final Account account;
    private final URI authority;
    private final String msalAuthority;
    private final Duration connectTimeout;
    private final Duration deadline;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Who asks, for what; the secret never prints. */
    record Account(PartnerTenantId tenant, String clientId, String clientSecret, String resource) {
        @Override
        public String toString() {
            return "Account[%s, %s, secret not shown]".formatted(tenant, clientId);
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
        Set<String> scopes = Set.of(account.resource() + "/.default");
        return ask(app -> app.acquireToken(
                ClientCredentialParameters.builder(scopes).skipCache(true).build()));
    }

    @Override
    public Issue forUser(String refreshToken) {
        Set<String> scopes = Set.of(account.resource() + "/user_impersonation");
        return ask(app -> app.acquireToken(
                RefreshTokenParameters.builder(scopes, refreshToken).build()));
    }

    private Issue ask(Function<ConfidentialClientApplication, CompletableFuture<IAuthenticationResult>> how) {
        if (account.clientId().isBlank() || account.clientSecret().isBlank()) {
            return new Issue.Refusal(
                    false, "offramp.partner-center.client-id and client-secret are needed and one of them is empty");
        }
        TokenHttp http = new TokenHttp(authority, connectTimeout, deadline, threads);
        CompletableFuture<IAuthenticationResult> future = null;
        try {
            future = how.apply(application(http));
            IAuthenticationResult result = future.get(deadline.toMillis() * 2, TimeUnit.MILLISECONDS);
            TokenAnswer answer = TokenAnswer.of(http.lastBody());
            return new Issue.Tokens(
                    result.accessToken(),
                    answer.refreshToken(),
                    answer.lifetime(),
                    TokenAnswer.tenant(result.accessToken()));
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

    private ConfidentialClientApplication application(TokenHttp http) throws MalformedURLException {
        return ConfidentialClientApplication.builder(
                        account.clientId(), ClientCredentialFactory.createFromSecret(account.clientSecret()))
                .authority(msalAuthority)
                .instanceDiscovery(false)
                .httpClient(http)
                .executorService(threads)
                .disableInternalRetries()
                .build();
    }

    private static Issue failed(Throwable failure) {
        if (failure instanceof MsalServiceException service) {
            String error =
                    service.errorCode() == null ? "" : service.errorCode().toLowerCase(Locale.ROOT);
            Integer status = service.statusCode();
            if (failure instanceof MsalInteractionRequiredException || ABOUT_USER.contains(error)) {
                return new Issue.Refusal(true, words(service.getMessage(), error));
            }
            if (status != null && status >= 400 && status < 500 && status != 429 && status != 408) {
                return new Issue.Refusal(false, words(service.getMessage(), error));
            }
            return new Issue.Silence(words(service.getMessage(), error));
        }
        return new Issue.Silence(words(failure.getMessage(), failure.getClass().getSimpleName()));
    }

    private static String words(@Nullable String message, String otherwise) {
        return message == null || message.isBlank()
                ? otherwise
                : message.replaceAll("\\s+", " ").trim();
    }
}

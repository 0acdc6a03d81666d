package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.MsalInteractionRequiredException;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Microsoft's own sign-in library, which knows nothing of the simulator, gets its tokens from it. */
class SignInLibraryTests {

    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder().application("app", "secret").refreshToken("rt").build(), 0);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        http.close();
        simulator.close();
    }

    @Test
    void getsAnApplicationToken() throws Exception {
        IAuthenticationResult result = library()
                .acquireToken(
                        ClientCredentialParameters.builder(Set.of("https://api.partnercenter.microsoft.com/.default"))
                                .build())
                .join();

        assertThat(result.accessToken()).hasSizeGreaterThan(50);
    }

    @Test
    void getsAUserTokenAndKeepsTheRotatedRefreshTokenInItsCache() throws Exception {
        ConfidentialClientApplication library = library();

        IAuthenticationResult result = library.acquireToken(refresh("rt")).join();

        assertThat(result.account().username()).isEqualTo("admin.agent@partner.example");
        assertThat(result.account().homeAccountId()).endsWith(Settings.PARTNER_TENANT);
        assertThat(library.tokenCache().serialize()).contains(simulator.refreshToken());
    }

    @Test
    void learnsThatAPersonMustSignInAgainWhenARefreshTokenIsUsedTwice() throws Exception {
        library().acquireToken(refresh("rt")).join();
        ConfidentialClientApplication library = library();

        assertThatThrownBy(() -> library.acquireToken(refresh("rt")).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(MsalInteractionRequiredException.class);
    }

    private static RefreshTokenParameters refresh(String token) {
        return RefreshTokenParameters.builder(
                        Set.of("https://api.partnercenter.microsoft.com/user_impersonation"), token)
                .build();
    }

    private ConfidentialClientApplication library() throws MalformedURLException {
        return ConfidentialClientApplication.builder("app", ClientCredentialFactory.createFromSecret("secret"))
                .authority("https://login.microsoftonline.com/" + Settings.PARTNER_TENANT + "/")
                .instanceDiscovery(false)
                .httpClient(towardsTheSimulator())
                .build();
    }

    /** The library insists on https; the client turns its calls to the loopback address. */
    private IHttpClient towardsTheSimulator() {
        return request -> {
            HttpRequest.Builder builder = HttpRequest.newBuilder(
                            URI.create(simulator.baseUri() + request.url().getPath()))
                    .method(
                            request.httpMethod().name(),
                            request.body() == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(request.body()));
            request.headers().forEach(builder::header);
            java.net.http.HttpResponse<String> response = http.send(builder.build(), BodyHandlers.ofString());
            HttpResponse given = new HttpResponse();
            given.statusCode(response.statusCode());
            given.body(response.body());
            given.addHeaders(response.headers().map());
            return given;
        };
    }
}

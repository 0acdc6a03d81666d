package dev.offramp.partnercenter;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The headers of a call.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/headers">Partner Center REST headers</a>
 */
final class Headers {

    private Headers() {}

    static HttpHeaders forRead(AccessToken token, UUID requestId, UUID correlationId) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Bearer " + token.value());
        headers.set("Accept", "application/json");
        headers.set("MS-RequestId", requestId.toString());
        headers.set("MS-CorrelationId", correlationId.toString());
        headers.set("MS-Contract-Version", "v1");
        headers.set("MS-PartnerCenter-Application", "Offramp");
        return headers;
    }

    /** @param etag as the resource had it; without one there is no {@code If-Match} */
    static HttpHeaders forChange(AccessToken token, UUID requestId, UUID correlationId, @Nullable String etag) {
        HttpHeaders headers = forRead(token, requestId, correlationId);
        headers.set("Content-Type", "application/json; charset=utf-8");
        if (etag != null && !etag.isEmpty()) {
            headers.set("If-Match", quoted(etag));
        }
        return headers;
    }

    /** "ETags values should be included in double quotation marks" (test-and-debug page). */
    private static String quoted(String etag) {
        return etag.startsWith("\"") || etag.startsWith("W/\"") ? etag : '"' + etag + '"';
    }
}

package dev.offramp.partnercenter;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code Location} of a 202: with or without a host, with or without the version. Only the path is kept, so
 * that a token never goes to another host.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/update-a-subscription-by-id">Update a
 *     subscription by ID</a>
 */
final class Location {

    private static final String VERSION = "/v1";

    private Location() {}

    /** Whether it points to the address that we call anyway; a token is for nobody else. */
    static boolean isWithin(URI base, String header) {
        try {
            URI uri = base.resolve(new URI(header.trim()));
            return uri.getUserInfo() == null
                    && base.getScheme().equalsIgnoreCase(uri.getScheme())
                    && base.getHost().equalsIgnoreCase(uri.getHost())
                    && port(base) == port(uri);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 ? "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80 : uri.getPort();
    }

    /** @return the path from the version on, null when there is none */
    static @Nullable String path(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return null;
        }
        try {
            String path = new URI(header.trim()).getRawPath();
            if (path == null || path.isEmpty() || path.equals("/")) {
                return null;
            }
            String rooted = path.startsWith("/") ? path : "/" + path;
            return rooted.startsWith(VERSION + "/") ? rooted : VERSION + rooted;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}

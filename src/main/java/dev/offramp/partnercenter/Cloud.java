package dev.offramp.partnercenter;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The clouds in which Partner Center is: each has its API, its authority for tokens, and what the tokens are asked for.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls">Partner Center REST URLs</a>
 */
enum Cloud {
    GLOBAL("global", Hosts.API, "login.microsoftonline.com", Set.of()),
    /** The same API as the global one, with an authority of its own. */
    US_GOVERNMENT("us-government", Hosts.API, "login.microsoftonline.us", Set.of()),
    CHINA_21VIANET(
            "21vianet",
            "partner.partnercenterapi.microsoftonline.cn",
            "login.partner.microsoftonline.cn",
            Set.of("login.chinacloudapi.cn"));

    private final String word;
    private final String api;
    private final String authority;
    private final Set<String> otherAuthorities;

    Cloud(String word, String api, String authority, Set<String> otherAuthorities) {
        this.word = word;
        this.api = api;
        this.authority = authority;
        this.otherAuthorities = otherAuthorities;
    }

    /** What two clouds share. */
    private static final class Hosts {
        private static final String API = "api.partnercenter.microsoft.com";
    }

    /** @throws IllegalArgumentException with a sentence when there is no such cloud */
    static Cloud named(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "offramp.partner-center.cloud is '%s'; write %s.".formatted(word, words())));
    }

    private static String words() {
        return Arrays.stream(values()).map(Cloud::word).collect(Collectors.joining(", "));
    }

    String word() {
        return word;
    }

    URI baseUrl() {
        return URI.create("https://" + api);
    }

    URI authority() {
        return URI.create("https://" + authority);
    }

    /** What tokens are asked for; in 21Vianet's cloud its own API. */
    String resource() {
        return "https://" + api;
    }

    /** Why this address of the API does not belong to this cloud; empty when it does, or is of nobody we know. */
    Optional<String> refusalOfApi(URI address) {
        return stranger(address, "base-url", baseUrl(), each -> Stream.of(each.api));
    }

    /** Why this authority does not belong to this cloud; empty when it does, or is of nobody we know. */
    Optional<String> refusalOfAuthority(URI address) {
        return stranger(
                address,
                "authority",
                authority(),
                each -> Stream.concat(Stream.of(each.authority), each.otherAuthorities.stream()));
    }

    private Optional<String> stranger(
            URI address, String key, URI ours, java.util.function.Function<Cloud, Stream<String>> hosts) {
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        if (hosts.apply(this).anyMatch(host::equals)) {
            return Optional.empty();
        }
        return Arrays.stream(values())
                .filter(each -> hosts.apply(each).anyMatch(host::equals))
                .findFirst()
                .map(other ->
                        "offramp.partner-center.%s is %s, which belongs to the cloud %s, but offramp.partner-center.cloud is %s, whose address is %s; take %s away, or correct the cloud."
                                .formatted(key, address, other.word, word, ours, key));
    }
}

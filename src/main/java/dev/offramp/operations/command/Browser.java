package dev.offramp.operations.command;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows a person a page. */
@FunctionalInterface
public interface Browser {

    /** @return false when there is none here, so that the person has to open the address */
    boolean open(URI address);

    /** The one of this machine, as far as the operating system knows one. */
    static Browser ofThisMachine(Surroundings.Variables environment) {
        return address ->
                command(environment).map(words -> start(words, address)).orElse(false);
    }

    private static Optional<List<String>> command(Surroundings.Variables environment) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("mac")) {
            return Optional.of(List.of("open"));
        }
        if (system.contains("windows")) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
        }
        boolean hasScreen = environment.get("DISPLAY") != null || environment.get("WAYLAND_DISPLAY") != null;
        return hasScreen ? Optional.of(List.of("xdg-open")) : Optional.empty();
    }

    private static boolean start(List<String> words, URI address) {
        try {
            new ProcessBuilder(java.util.stream.Stream.concat(
                                    words.stream(), java.util.stream.Stream.of(address.toString()))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

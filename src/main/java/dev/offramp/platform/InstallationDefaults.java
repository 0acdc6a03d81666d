package dev.offramp.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Says where the home directory is and what this node is called, where the configuration does not. */
final class InstallationDefaults implements EnvironmentPostProcessor, Ordered {

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 20;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String home = environment.getProperty("offramp.home");
        if (home != null) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("offramp home", Map.of("offramp.home", absolute(home))));
        }
        // Only what nobody has said: Spring moves what a program says about itself behind everything that stands here.
        Map<String, Object> unsaid = new HashMap<>(Map.of(
                "offramp.home", Path.of(userHome(), ".offramp").toString(),
                "offramp.node", hostName()));
        unsaid.keySet().removeIf(environment::containsProperty);
        environment.getPropertySources().addLast(new MapPropertySource("offramp defaults", unsaid));
    }

    /** No shell has expanded a tilde that stands in a file, and H2 takes no path that is relative. */
    private static String absolute(String home) {
        String expanded = home.equals("~") || home.startsWith("~/") ? userHome() + home.substring(1) : home;
        return Path.of(expanded).toAbsolutePath().normalize().toString();
    }

    private static String userHome() {
        return System.getProperty("user.home");
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}

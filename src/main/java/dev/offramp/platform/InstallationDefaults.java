package dev.offramp.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
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
        if (home != null && (home.equals("~") || home.startsWith("~/"))) {
            // No shell has expanded it when it stands in a file.
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "offramp home", Map.of("offramp.home", userHome() + home.substring(1))));
        }
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "offramp defaults",
                        Map.of(
                                "offramp.home",
                                Path.of(userHome(), ".offramp").toString(),
                                "offramp.node",
                                hostName())));
    }

    private static String userHome() {
        return System.getProperty("user.home");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}

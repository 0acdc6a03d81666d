package dev.offramp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service. */
@SpringBootApplication
public class Offramp {

    public static void main(String[] args) {
        SpringApplication.run(Offramp.class, args);
    }
}

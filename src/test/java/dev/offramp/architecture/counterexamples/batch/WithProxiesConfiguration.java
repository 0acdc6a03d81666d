package dev.offramp.architecture.counterexamples.batch;

import org.springframework.context.annotation.Configuration;

/** A configuration with proxies. */
@Configuration
public class WithProxiesConfiguration {}

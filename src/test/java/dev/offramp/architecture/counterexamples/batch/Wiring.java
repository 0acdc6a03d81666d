package dev.offramp.architecture.counterexamples.batch;

import org.springframework.context.annotation.Configuration;

/** A configuration under another name. */
@Configuration(proxyBeanMethods = false)
public class Wiring {}

package dev.offramp.architecture.counterexamples.batch;

import org.springframework.stereotype.Service;

/** Is found by scanning. */
@Service
public final class IsAComponent {}

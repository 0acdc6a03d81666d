package dev.offramp.architecture.counterexamples.request;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Binds data with Jackson 2. */
public final class OldJson {

    ObjectMapper json = new ObjectMapper();
}

/** Seals the audit trail into a chain of hashed blocks, publishes the hashes, and checks the chain without the service. */
@NullMarked
package dev.offramp.audit;

import org.jspecify.annotations.NullMarked;

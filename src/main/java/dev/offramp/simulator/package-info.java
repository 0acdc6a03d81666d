/**
 * A Partner Center for tests, demos and training: an HTTP server that holds customers, subscriptions and entitlements,
 * answers as the documents say, fails on demand, and keeps a list of every destructive call that reached it.
 */
@NullMarked
package dev.offramp.simulator;

import org.jspecify.annotations.NullMarked;

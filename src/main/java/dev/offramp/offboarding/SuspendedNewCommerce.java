package dev.offramp.offboarding;

/**
 * Whether suspended new-commerce subscriptions stand in the way of an unlink. Microsoft's pages contradict each other:
 * the newer one says that they must be cancelled, the older one that suspending is enough.
 */
public enum SuspendedNewCommerce {
    BLOCKS,
    ALLOWED
}

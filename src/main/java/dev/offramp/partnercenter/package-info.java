/** The Partner Center REST API: a client, its tokens, and what its answers mean. */
@NullMarked
package dev.offramp.partnercenter;

import org.jspecify.annotations.NullMarked;

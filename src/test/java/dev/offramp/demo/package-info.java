/** The demo: the whole service in one process, and one story of about a minute. */
@NullMarked
package dev.offramp.demo;

import org.jspecify.annotations.NullMarked;

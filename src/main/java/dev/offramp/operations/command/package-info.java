/** The command line: thin clients of the REST API, which start without the service's context. */
@NullMarked
package dev.offramp.operations.command;

import org.jspecify.annotations.NullMarked;

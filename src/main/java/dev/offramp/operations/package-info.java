/** What people use: REST API and command line, each change with a reason and an audit entry. */
@NullMarked
package dev.offramp.operations;

import org.jspecify.annotations.NullMarked;

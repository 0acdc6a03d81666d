/** Code that breaks the rules, so that each rule is seen to catch it. */
@NullMarked
package dev.offramp.architecture.counterexamples;

import org.jspecify.annotations.NullMarked;

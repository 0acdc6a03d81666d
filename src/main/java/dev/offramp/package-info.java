/** Safe bulk cancellation and customer off-boarding for Microsoft CSP partners. */
@NullMarked
package dev.offramp;

import org.jspecify.annotations.NullMarked;

/** Compares a day of Partner Center's own audit records with what the ledger says was done. */
@NullMarked
package dev.offramp.reconcile;

import org.jspecify.annotations.NullMarked;

package dev.offramp.breakage;

import java.util.List;

/** Every safeguard of "never lost, never twice", as the one change of the source that takes it out. */
final class Breakages {

    private static final String GATE = "safety.Gate";

    private static final String DOUBT =
            "offboarding.InDoubtTests#goesByWhatWasSeenAndWhen(dev.offramp.offboarding.Operation, "
                    + "dev.offramp.offboarding.Seen, java.time.Duration, int, java.lang.String, java.time.Duration, int)";

    static final List<Breakage> ALL = List.of(
            Breakage.of(
                    "the try is durable before the call",
                    GATE,
                    "transactions.execute(_ -> decide(wish))",
                    """
                    transactions.execute(transaction -> {
                        Pass decided = decide(wish);
                        transaction.setRollbackOnly();
                        return decided;
                    })""",
                    "batch.WrittenInOrderTests#theTryIsThereBeforeTheCallAndTheReplyBeforeTheNextCall()"),
            Breakage.of(
                    "the reply is durable before the next call",
                    "batch.Execution",
                    "attempts.reply(written.id(), AfterReply.recorded(reply), clock.instant());",
                    "",
                    "batch.WrittenInOrderTests#theTryIsThereBeforeTheCallAndTheReplyBeforeTheNextCall()"),
            Breakage.of(
                    "the first reply to a try stays",
                    "ledger.JdbcAttempts",
                    "and reply is null\n",
                    "\n",
                    "ledger.AttemptsTests#keepTheFirstReply()"),
            Breakage.of(
                    "fencing: a state is settled under the newest lease only",
                    "ledger.Transitions",
                    "b.lease_number = :fenceLease",
                    "b.lease_number >= :fenceLease",
                    "ledger.FencingTests#settlesNoRequest()"),
            Breakage.of(
                    "a state is written only over the one that was read",
                    "ledger.Transitions",
                    "settled_at = :settledAt\n                        where number = :number and version = :version",
                    "settled_at = :settledAt\n                        where number = :number",
                    "ledger.RequestsTests#keepsWhatCameBetweenReadingAndWriting()"),
            Breakage.of(
                    "a request is handed back only as it was read",
                    "ledger.Transitions",
                    "last_batch = :lastBatch\n                        where number = :number and version = :version",
                    "last_batch = :lastBatch\n                        where number = :number",
                    "ledger.RequestsTests#handsBackNothingOverAStateThatIsNoLongerTheOneRead()"),
            Breakage.of(
                    "fencing: a batch is renewed and ended under the newest lease only",
                    "ledger.JdbcBatches",
                    "where number = :number and lease_number = :lease and state = 'running' and lease_until > :now",
                    "where number = :number and lease_number >= :lease and state = 'running' and lease_until > :now",
                    "ledger.FencingTests#endsNoBatch()"),
            Breakage.of(
                    "fencing: the gate is open to the newest lease only",
                    GATE,
                    "if (!batches.isCurrent(wish.fence(), now)) {",
                    "if (false) {",
                    "safety.GateTests#staysShutWhenTheLeaseIsAnothers()"),
            Breakage.of(
                    "the lease is renewed only while the job's thread lives",
                    "batch.Watch",
                    "run.isAlive() && ",
                    "",
                    "batch.LeaseTests#isRenewedOnlyWhileTheJobsThreadLives()"),
            Breakage.of(
                    "a batch that is handed over takes its execution with it",
                    "batch.HandingOver",
                    ".ifPresent(each -> showAsStopped(each, sentence, now))",
                    ".ifPresent(each -> {})",
                    "batch.ShutdownTests#handsBackAsItIsWhatIsOnTheWireForLongerThanTheGracePeriod()"),
            Breakage.of(
                    "fencing: a turn is won under the newest lease only",
                    "ledger.JdbcTurns",
                    "ours.lease_number = :lease",
                    "ours.lease_number >= :lease",
                    "ledger.FencingTests#winsNoTurn()"),
            Breakage.of(
                    "the turn: nobody is worked on without it",
                    "batch.ItemWork",
                    "if (!turns.win(",
                    "if (false && !turns.win(",
                    "batch.WrittenInOrderTests#nobodyIsCalledWithoutTheCustomersTurn()"),
            Breakage.of(
                    "the turn: one item has it",
                    "ledger.JdbcTurns",
                    "or not exists (",
                    "or exists (",
                    "ledger.TurnsTests#isWonByOneItemOfOneBatch()"),
            Breakage.of(
                    "the duplicate check",
                    "request.Screening",
                    "if (known.isPresent()) {",
                    "if (false) {",
                    "request.ScreeningTests#tellsAgainWhatWasSaidBeforeHoweverOldOrForbiddenItIsNow()"),
            Breakage.of(
                    "the duplicate check: what the topic may bring again is recognised",
                    "retention.RequestStubs",
                    "and (r.topic is null or r.settled_at < :beforeOfRecords)",
                    "and :beforeOfRecords is not null",
                    "retention.RetentionTests#keepsAStubAsLongAsTheTopicMayHaveItsRecord()"),
            Breakage.of(
                    "the outcome is written in the transaction of the change",
                    "ledger.Transitions",
                    "outcomes.addNext(asRead, withSteps(asRead.number(), resolution), now);",
                    """
                    org.springframework.transaction.support.TransactionSynchronizationManager.registerSynchronization(
                            new org.springframework.transaction.support.TransactionSynchronization() {
                                @Override
                                public void afterCommit() {
                                    var anew = new org.springframework.transaction.support.TransactionTemplate(
                                            database.transactions().getTransactionManager());
                                    anew.setPropagationBehavior(3);
                                    anew.executeWithoutResult(_ -> outcomes.addNext(
                                            asRead, withSteps(asRead.number(), resolution), now));
                                }
                            });""",
                    "ledger.RequestsTests#tellsWhatBecameOfItInTheTransactionOfTheChangeHoweverTheProcessEnds()"),
            Breakage.of(
                    "reading before repeating",
                    "batch.OpenCall",
                    "return switch (slots.await(request, calls.looks(step), run)) {",
                    """
                    if (open.inDoubt()) {
                        attempts.found(open.id(), Finding.NOT_DONE, clock.instant());
                        return new Next.GoOn();
                    }
                    return switch (slots.await(request, calls.looks(step), run)) {""",
                    "batch.ProcessingTests#repeatsACallWithoutAnswerOnlyAfterTwoLateReadsAndWithTheSameRequestId()"),
            Breakage.of(
                    "the second late read",
                    "offboarding.InDoubt",
                    "READS_UNTIL_REPEATED = 2;",
                    "READS_UNTIL_REPEATED = 1;",
                    DOUBT),
            Breakage.of(
                    "the second late read over a restored database",
                    "batch.Execution",
                    "if (again.isPresent()) {",
                    "if (again.isPresent() && !again.get().isAfter(known.facts().readAt())) {",
                    "batch.LostCallsTests#areLookedForTwiceBeforeTheCall()"),
            Breakage.of(
                    "the settle time",
                    "offboarding.InDoubt",
                    ".plus(deadline).plus(settleTime(doubt.step()))",
                    ".plus(deadline)",
                    DOUBT),
            Breakage.of(
                    "a try without a reply keeps the gate shut",
                    GATE,
                    "if (tries.stream().anyMatch(Try::inDoubt)) {",
                    "if (false) {",
                    "safety.GateTests#staysShutWhileATryIsWithoutAReply()"),
            Breakage.of(
                    "what was accepted is never sent again",
                    GATE,
                    "each.step().equals(wish.step().word()) && each.wasAccepted())) {",
                    "false)) {",
                    "safety.GateTests#staysShutOnceATryWasAccepted()"),
            Breakage.of(
                    "the same request id while nobody has answered",
                    GATE,
                    ".map(Try::msRequestId)",
                    ".map(_ -> UUID.randomUUID())",
                    "safety.GateTests#repeatsTheRequestIdWhileNoResponseWasSeen()"),
            Breakage.of(
                    "the request is as it was read",
                    GATE,
                    "|| current.get().version() != asRead.version()",
                    "",
                    "safety.GateTests#staysShutWhenTheRequestChangedSinceItWasRead()"),
            Breakage.of(
                    "a withdraw that waits keeps the gate shut",
                    GATE,
                    "|| current.get().withdrawnBy() != null",
                    "",
                    "safety.GateTests#staysShutWhileAWithdrawWaits()"),
            Breakage.of(
                    "the brake",
                    GATE,
                    "if (pulled.appliesTo(asRead.operation(), asRead.key().source(), asRead.group())) {",
                    "if (false) {",
                    "safety.GateTests#staysShutUnderTheBrake()"),
            Breakage.of(
                    "the mode",
                    GATE,
                    "if (terms.mode() != Mode.LIVE\n",
                    "if (terms.mode() == null\n",
                    "safety.GateTests#staysShutWhileTheModeIsObserve()"),
            Breakage.of(
                    "no call without a permit",
                    GATE,
                    "if (!permits.has(wish.request().number(), wish.step().word())) {",
                    "if (false) {",
                    "safety.GateTests#staysShutWithoutAPermit()"),
            Breakage.of(
                    "no call on old facts",
                    GATE,
                    "if (wish.factsReadAt().plus(terms.maxFactAge()).isBefore(now)) {",
                    "if (false) {",
                    "safety.GateTests#staysShutWhenTheFactsAreTooOld()"),
            Breakage.of(
                    "a permit is not returned once its try may have left",
                    "ledger.Transitions",
                    "set state = 'spent'",
                    "set state = 'reserved'",
                    "safety.BudgetTests#spendsThePermitOnceATryMayHaveLeft()"),
            Breakage.of(
                    "nobody decides that an accepted call was not done",
                    "safety.DoubtDecisions",
                    "if (decision == Decision.NOT_DONE && doubted.wasAccepted()) {",
                    "if (false) {",
                    "batch.DecidedDoubtTests#neverSendsAgainWhatWasAcceptedWhateverAPersonSays()"));

    private Breakages() {}
}

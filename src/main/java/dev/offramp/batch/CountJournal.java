package dev.offramp.batch;

import dev.offramp.safety.CustomerBase;

/** What is told about the counting of customers. */
interface CountJournal {

    void counted(CustomerBase.Size size);

    void notCounted(String why);

    void failed(RuntimeException bug);
}

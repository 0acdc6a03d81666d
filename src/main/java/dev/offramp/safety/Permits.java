package dev.offramp.safety;

/** The permits of destructive calls, as the gate needs them. */
interface Permits {

    /** Whether one stands for this step of the request, reserved or spent. */
    boolean has(long request, String step);

    /** Gives back one that is reserved and was never used. */
    void giveBack(long request, String step);
}

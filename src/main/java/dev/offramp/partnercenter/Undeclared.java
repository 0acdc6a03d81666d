package dev.offramp.partnercenter;

/** What holds while the operator has declared nothing; said here once for all who read it. */
public final class Undeclared {

    /** {@code offramp.environment}: nothing but a declaration makes an installation one of production. */
    public static final String ENVIRONMENT = "sandbox";

    /** {@code offramp.mode}: nothing is sent unless somebody says so. */
    public static final String MODE = "observe";

    private Undeclared() {}
}

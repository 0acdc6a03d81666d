package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Asks at the start of live work whose token we get: only the token tells a sandbox from production. */
final class TenantCheck implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(TenantCheck.class);

    private final Issuer issuer;
    private final PartnerTenantId tenant;

    TenantCheck(Issuer issuer, PartnerTenantId tenant) {
        this.issuer = issuer;
        this.tenant = tenant;
    }

    @Override
    public void afterSingletonsInstantiated() {
        switch (issuer.forApp()) {
            case Issuer.Issue.Tokens tokens -> compare(tokens.tenant());
            case Issuer.Issue.Refusal refusal ->
                log.warn(
                        "Sign-in to Partner Center as the application was refused: {}. Nothing is sent until an operator corrects client-id, client-secret or tenant-id.",
                        refusal.words());
            case Issuer.Issue.Silence silence ->
                log.warn("No token could be had yet: {}. It is tried again with the first call.", silence.words());
        }
    }

    private void compare(@org.jspecify.annotations.Nullable String tokenTenant) {
        if (!tenant.value().equalsIgnoreCase(tokenTenant)) {
            throw new WrongTenant(
                    "The token that Microsoft Entra gave us belongs to tenant %s, but offramp.partner-center.tenant-id is %s; nothing is started, so that no other partner's customers are touched."
                            .formatted(tokenTenant, tenant));
        }
    }

    /** We would act for somebody else. */
    static final class WrongTenant extends RuntimeException {
        WrongTenant(String sentence) {
            super(sentence);
        }
    }
}

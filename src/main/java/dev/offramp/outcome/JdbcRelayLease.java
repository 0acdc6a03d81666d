package dev.offramp.outcome;

import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The lease as a row: whoever changes it has it. */
final class JdbcRelayLease implements RelayLease {

    private static final String NAME = "relay";

    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final String owner;
    private final Duration length;

    /** @param owner this incarnation of this node; two that run at a time never have the same */
    JdbcRelayLease(JdbcClient jdbc, InstantSource clock, String owner, Duration length) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.owner = owner;
        this.length = length;
    }

    @Override
    public boolean hold() {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        var won = jdbc.sql("""
                        update lease
                        set owner = :owner, held_until = :until
                        where name = :name
                          and (owner = :owner or held_until <= :now)
                        """)
                .param("name", NAME)
                .param("owner", owner)
                .param("until", now.plus(length))
                .param("now", now)
                .update();
        return won == 1 || begin(now);
    }

    private boolean begin(OffsetDateTime now) {
        try {
            return jdbc.sql("""
                            insert into lease (name, owner, held_until)
                            select cast(:name as varchar), cast(:owner as varchar), cast(:until as timestamp with time zone)
                            where not exists (select 1 from lease where name = :name)
                            """)
                            .param("name", NAME)
                            .param("owner", owner)
                            .param("until", now.plus(length))
                            .update()
                    == 1;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    @Override
    public void giveBack() {
        jdbc.sql("""
                        delete from lease
                        where name = :name
                          and owner = :owner
                        """).param("name", NAME).param("owner", owner).update();
    }
}

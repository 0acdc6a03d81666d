package dev.offramp.safety;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Permits in the database. */
final class JdbcPermits implements Permits {

    private final JdbcClient jdbc;

    JdbcPermits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean has(long request, String step) {
        return jdbc.sql("""
                        select count(*)
                          from permit
                         where request_number = :request
                           and step = :step
                           and state <> 'returned'
                        """)
                        .param("request", request)
                        .param("step", step)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    @Override
    public void giveBack(long request, String step) {
        jdbc.sql("""
                        delete from permit
                         where request_number = :request
                           and step = :step
                           and state = 'reserved'
                        """).param("request", request).param("step", step).update();
    }
}

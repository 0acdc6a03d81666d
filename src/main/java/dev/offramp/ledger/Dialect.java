package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;

/** The few statements that H2 and PostgreSQL do not say in the same words. */
interface Dialect {

    /**
     * Writes rows that may be there already, those too that another transaction is just writing.
     *
     * @param target a table with the columns to be filled, e.g. {@code outcome_to_send (outcome_number)}
     * @param values the values of one row, with named parameters
     * @param rows the parameters of each row; in one order everywhere, so that two writers never wait for each other
     */
    void insertMissing(NamedParameterJdbcOperations jdbc, String target, String values, List<Map<String, Object>> rows);

    /**
     * Locks the rows of customers that get new requests against a withdraw that is looking for its target meanwhile;
     * two admissions do not hinder each other on a database that can tell.
     */
    void lockForAdmission(NamedParameterJdbcOperations jdbc, List<CustomerId> sorted);

    /** By when a request {@code r} is to be carried out, in the words of the index {@code request_by_urgency}. */
    String urgency();

    /** What names the index behind a table, where the database does not choose it by itself. */
    String by(String index);

    /**
     * Whether rows are locked in the order of an index, one after the other up to the limit. Else all that meet the
     * condition are locked, and sorted, before a limit counts.
     */
    boolean locksInOrder();

    /** The dialect of the connected database. */
    static Dialect of(NamedParameterJdbcOperations jdbc) {
        ConnectionCallback<String> asking =
                connection -> connection.getMetaData().getDatabaseProductName();
        var product = String.valueOf(jdbc.getJdbcOperations().execute(asking));
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> new PostgreSql();
            case "h2" -> new H2();
            default -> throw new IllegalStateException("Offramp runs on PostgreSQL and H2, not on " + product);
        };
    }

    /** PostgreSQL: a failed statement spoils its transaction, so a duplicate must not fail. */
    final class PostgreSql implements Dialect {

        @Override
        public void insertMissing(
                NamedParameterJdbcOperations jdbc, String target, String values, List<Map<String, Object>> rows) {
            jdbc.batchUpdate(
                    "insert into %s values (%s) on conflict do nothing".formatted(target, values), Parameters.of(rows));
        }

        @Override
        public void lockForAdmission(NamedParameterJdbcOperations jdbc, List<CustomerId> sorted) {
            // The foreign key of each new request has locked its customer already, in the same way.
            jdbc.queryForList(
                    "select id from customer where id in (:ids) order by id for key share",
                    Map.of("ids", sorted.stream().map(CustomerId::value).toList()),
                    String.class);
        }

        @Override
        public String urgency() {
            return "least(r.last_chance_at, r.needed_by)";
        }

        @Override
        public String by(String index) {
            return "";
        }

        @Override
        public boolean locksInOrder() {
            return true;
        }
    }

    /** H2: a failed statement leaves its transaction as it was. */
    final class H2 implements Dialect {

        @Override
        public void insertMissing(
                NamedParameterJdbcOperations jdbc, String target, String values, List<Map<String, Object>> rows) {
            for (var row : rows) {
                try {
                    jdbc.update("insert into %s values (%s)".formatted(target, values), row);
                } catch (DuplicateKeyException thereAlready) {
                    // That is what was wanted.
                    continue;
                }
            }
        }

        @Override
        public void lockForAdmission(NamedParameterJdbcOperations jdbc, List<CustomerId> sorted) {
            jdbc.queryForList(
                    "select id from customer where id in (:ids) order by id for update",
                    Map.of("ids", sorted.stream().map(CustomerId::value).toList()),
                    String.class);
        }

        @Override
        public String urgency() {
            return "r.claim_by";
        }

        @Override
        public String by(String index) {
            return "use index (%s)".formatted(index);
        }

        @Override
        public boolean locksInOrder() {
            return false;
        }
    }
}

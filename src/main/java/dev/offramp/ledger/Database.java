package dev.offramp.ledger;

import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What all parts of the ledger speak to the database with.
 *
 * @param jdbc single statements
 * @param many statements over many rows
 * @param transactions joins the caller's transaction, or makes a short one
 */
record Database(JdbcClient jdbc, NamedParameterJdbcOperations many, TransactionTemplate transactions, Dialect dialect) {

    static Database over(DataSource dataSource, PlatformTransactionManager transactionManager) {
        var many = new NamedParameterJdbcTemplate(dataSource);
        return new Database(
                JdbcClient.create(many), many, new TransactionTemplate(transactionManager), Dialect.of(many));
    }

    /**
     * Runs one statement that writes, in the caller's transaction or a short one.
     *
     * @return how many rows it changed
     */
    int write(JdbcClient.StatementSpec statement) {
        return transactions.execute(status -> statement.update());
    }
}

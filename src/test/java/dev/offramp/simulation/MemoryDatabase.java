package dev.offramp.simulation;

import dev.offramp.ledger.RequestKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * A database in memory with transactions as PostgreSQL keeps them under READ COMMITTED: what is not committed is seen by
 * nobody else, written and locked rows are waited for, and whoever waited sees them as they are then. Each statement, and
 * each commit, is a boundary before and after.
 */
final class MemoryDatabase {

    final Stage stage;

    /** Told what each commit brought, before anybody sees it. */
    final List<Runnable> committing = new ArrayList<>();

    /** Told after each commit. */
    Runnable committed = () -> {};

    /** Done by whoever has committed, once it is over. */
    Runnable afterCommit = () -> {};

    /** Whether the database fails the next statement or commit: asked at each. */
    Faults faults = new Faults() {};

    MemoryDatabase(Stage stage) {
        this.stage = stage;
    }

    /** What may go wrong. */
    interface Faults {

        /** Throws when a statement does not reach the database. */
        default void statement() {}

        /** Throws when a commit fails, and says with {@code done} whether it took place nevertheless. */
        default void commit(Runnable done) {
            done.run();
        }
    }

    /** One transaction. */
    final class Tx {

        private final Map<Table<?, ?>, TreeMap<Object, Object>> writes = new IdentityHashMap<>();
        private final List<Runnable> locks = new ArrayList<>();

        /** Who holds, at the moment, what it waits for. */
        private @Nullable Supplier<@Nullable Tx> waitsFor;

        private boolean over;

        /** Which requests' outcomes it asks to be told again. */
        List<RequestKey> asked = List.of();

        boolean wrote(Table<?, ?> table) {
            return writes.containsKey(table);
        }

        private @Nullable Tx holder() {
            return waitsFor == null ? null : waitsFor.get();
        }

        void abandon() {
            over = true;
            waitsFor = null;
            writes.clear();
            locks.forEach(Runnable::run);
            locks.clear();
        }

        private void commit() {
            if (over) {
                return;
            }
            if (writes.isEmpty()) {
                abandon();
                return;
            }
            current = this;
            stage.current.tx = this;
            committing.forEach(Runnable::run);
            stage.current.tx = null;
            writes.forEach((table, rows) -> table.take(rows));
            committed.run();
            abandon();
        }
    }

    /** The transaction that is being committed. */
    @Nullable
    Tx current;

    private static final Object GONE = new Object();

    /** Rows by their keys. */
    final class Table<K extends Comparable<K>, V> {

        private final TreeMap<K, V> rows = new TreeMap<>();
        private final HashMap<K, Tx> locks = new HashMap<>();

        @SuppressWarnings("unchecked")
        @Nullable
        V get(K key) {
            var tx = stage.current.tx;
            if (tx != null) {
                var own = tx.writes.get(this);
                if (own != null && own.containsKey(key)) {
                    var value = own.get(key);
                    return value == GONE ? null : (V) value;
                }
            }
            return rows.get(key);
        }

        @SuppressWarnings("unchecked")
        Collection<V> all() {
            var tx = stage.current.tx;
            var own = tx == null ? null : tx.writes.get(this);
            if (own == null) {
                return rows.values();
            }
            var merged = new TreeMap<K, V>(rows);
            own.forEach((key, value) -> {
                if (value == GONE) {
                    merged.remove((K) key);
                } else {
                    merged.put((K) key, (V) value);
                }
            });
            return merged.values();
        }

        /** A row that is there from the beginning. */
        void begin(K key, V value) {
            rows.put(key, value);
        }

        /** Each row with its key. */
        void forEach(BiConsumer<K, V> each) {
            for (var key : List.copyOf(rows.keySet())) {
                var value = get(key);
                if (value != null) {
                    each.accept(key, value);
                }
            }
        }

        /** What everybody sees. */
        Collection<V> committedRows() {
            return rows.values();
        }

        @Nullable
        V committedRow(K key) {
            return rows.get(key);
        }

        /** What the transaction that is being committed has written. */
        @SuppressWarnings("unchecked")
        Collection<V> written() {
            var own = current == null ? null : current.writes.get(this);
            return own == null
                    ? List.of()
                    : own.values().stream()
                            .filter(each -> each != GONE)
                            .map(each -> (V) each)
                            .toList();
        }

        @SuppressWarnings("unchecked")
        void writtenByKey(BiConsumer<K, V> each) {
            var own = current == null ? null : current.writes.get(this);
            if (own != null) {
                own.forEach((key, value) -> {
                    if (value != GONE) {
                        each.accept((K) key, (V) value);
                    }
                });
            }
        }

        boolean isLockedByAnother(K key) {
            var owner = locks.get(key);
            return owner != null && owner != stage.current.tx;
        }

        /** Waits for the row, and holds it to the end of the transaction. */
        void lock(K key) {
            var tx = inTransaction();
            while (isLockedByAnother(key)) {
                tx.waitsFor = () -> locks.get(key);
                for (var other = locks.get(key); other != null; other = other.holder()) {
                    if (other == tx) {
                        tx.waitsFor = null;
                        stage.tell("deadlock");
                        throw new CannotAcquireLockException("deadlock");
                    }
                }
                stage.tell("waits for a row");
                stage.await(() -> !locks.containsKey(key));
                tx.waitsFor = null;
            }
            if (locks.put(key, tx) == null) {
                tx.locks.add(() -> locks.remove(key));
            }
        }

        void put(K key, V value) {
            lock(key);
            inTransaction().writes.computeIfAbsent(this, _ -> new TreeMap<>()).put(key, value);
        }

        void remove(K key) {
            lock(key);
            inTransaction().writes.computeIfAbsent(this, _ -> new TreeMap<>()).put(key, GONE);
        }

        @SuppressWarnings("unchecked")
        private void take(TreeMap<Object, Object> written) {
            written.forEach((key, value) -> {
                if (value == GONE) {
                    rows.remove((K) key);
                } else {
                    rows.put((K) key, (V) value);
                }
            });
        }
    }

    <K extends Comparable<K>, V> Table<K, V> table() {
        return new Table<>();
    }

    private Tx inTransaction() {
        var tx = stage.current.tx;
        if (tx == null) {
            throw new IllegalStateException("A write without a transaction");
        }
        if (tx.over) {
            throw new Stage.Crash();
        }
        return tx;
    }

    /** A query: what stands committed, and what the own transaction wrote. */
    <T> T read(String what, Supplier<T> query) {
        return read(what, "", query);
    }

    <T> T read(String what, Object about, Supplier<T> query) {
        stage.step(what, about);
        faults.statement();
        return query.get();
    }

    /** In the caller's transaction or a short one. */
    <T> T write(String what, Supplier<T> change) {
        return write(what, "", change);
    }

    <T> T write(String what, Object about, Supplier<T> change) {
        stage.step(what, about);
        faults.statement();
        if (stage.current.tx != null) {
            return change.get();
        }
        var tx = new Tx();
        stage.current.tx = tx;
        T result;
        try {
            result = change.get();
        } catch (RuntimeException | Error e) {
            tx.abandon();
            stage.current.tx = null;
            throw e;
        }
        stage.current.tx = null;
        try {
            faults.commit(tx::commit);
        } finally {
            tx.abandon();
        }
        stage.step("committed");
        afterCommit.run();
        return result;
    }

    /** For Spring's templates. */
    AbstractPlatformTransactionManager transactions() {
        return new Transactions();
    }

    @SuppressWarnings("serial")
    private final class Transactions extends AbstractPlatformTransactionManager {

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected boolean isExistingTransaction(Object transaction) {
            return stage.current.tx != null;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            stage.step("begin");
            faults.statement();
            stage.current.tx = new Tx();
        }

        @Override
        protected Object doSuspend(Object transaction) {
            var tx = stage.current.tx;
            stage.current.tx = null;
            return tx;
        }

        @Override
        protected void doResume(@Nullable Object transaction, Object suspended) {
            stage.current.tx = (Tx) suspended;
        }

        @Override
        protected void doSetRollbackOnly(DefaultTransactionStatus status) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            stage.step("commit");
            var tx = stage.current.tx;
            stage.current.tx = null;
            try {
                faults.commit(() -> tx.commit());
            } finally {
                tx.abandon();
            }
            stage.step("committed");
            afterCommit.run();
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            var tx = stage.current.tx;
            stage.current.tx = null;
            if (tx != null) {
                tx.abandon();
            }
        }
    }
}

-- What is known after the database was lost or restored from an older copy. At most one row: nothing to recover, no row.
create table recovery (
    name              varchar(20) primary key,
    -- needed (a person must say how to go on) or under-way (what was told is taken over, no call before calls_from).
    state             varchar(12) not null,
    found_at          timestamp with time zone not null,
    words             varchar not null,
    calls_from        timestamp with time zone
);

-- Up to where the newer database, which is lost, had read; outcomes of what was sent before told_from may be gone.
create table recovery_offset (
    topic             varchar not null,
    partition_no      integer not null,
    until_offset      bigint not null,
    told_from         timestamp with time zone not null,
    primary key (topic, partition_no)
);

-- The newest outcome that was told of a request and that this database does not know of.
create table told_before (
    source            varchar(400) not null,
    id                varchar(400) not null,
    sequence          integer not null,
    reason            varchar(40) not null,
    effect            varchar(16) not null,
    message           varchar not null,
    details           varchar not null,
    told_at           timestamp with time zone not null,
    primary key (source, id)
);

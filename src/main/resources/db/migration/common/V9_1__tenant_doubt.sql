-- Sources so many of whose customers turned out not to be ours that the partner tenant may be the wrong one.

create table tenant_doubt (
    source            varchar(400) primary key,
    in_a_row          integer not null,
    -- Since when every further unlink of the source is held; null while there is no doubt.
    open_since        timestamp with time zone,
    cause             varchar
);

create table tenant_doubt_batch (
    source            varchar(400) not null references tenant_doubt,
    batch_number      bigint not null references batch,
    read_count        integer not null,
    foreign_count     integer not null,
    primary key (source, batch_number)
);

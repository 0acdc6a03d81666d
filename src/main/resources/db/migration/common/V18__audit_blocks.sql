-- Audit entries are sealed into a chain of blocks; a block's row outlives its entries.

create table audit_block (
    number            bigint primary key,
    -- The hash of the block before; two blocks never follow the same one.
    previous          varchar(64) not null unique,
    sealed_at         timestamp with time zone not null,
    entries           integer not null,
    -- SHA-256 over its entries.
    content           varchar(64) not null,
    hash              varchar(64) not null,
    -- Empty until its hash stands in the topic.
    published_at      timestamp with time zone,
    -- Empty as long as its entries stand here.
    removed_at        timestamp with time zone
);

create index audit_block_by_published on audit_block (published_at, number);
create index audit_block_by_removed on audit_block (removed_at, number);

-- Empty until it is sealed; it does not belong to what is sealed.
alter table audit_entry add column block_number bigint references audit_block;

create index audit_by_block on audit_entry (block_number, number);

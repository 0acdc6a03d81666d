-- Details are deleted by age; what stays of a request is its stub.

-- When the details of a final request were deleted; null as long as they are there.
alter table request add column details_deleted_at timestamp with time zone;
-- The same for an upload's rejected lines and the history of its loading.
alter table upload add column details_deleted_at timestamp with time zone;

-- One row for each time at which retention was due.
create table retention_pass (
    due_at            timestamp with time zone primary key,
    node              varchar(300) not null,
    started_at        timestamp with time zone not null,
    -- Null while it runs, or when its node died: then another one goes on.
    ended_at          timestamp with time zone,
    removed           bigint not null
);

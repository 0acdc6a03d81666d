-- What people do to batches, requests and intake.

-- A person's stop, as a sentence; the node that runs the batch sees it when it looks after its lease.
alter table batch add column stop_asked varchar;

-- Intake is paused by a person while a row stands here.
create table intake_pause (
    name              varchar(20) primary key,
    paused_at         timestamp with time zone not null,
    paused_by         varchar not null,
    cause             varchar not null
);

-- When reading showed what became of a try.
alter table attempt_try add column found_at timestamp with time zone;

create index audit_by_target on audit_entry (target, number);
create index request_by_group on request (group_name, number);
create index request_by_source on request (source, number);

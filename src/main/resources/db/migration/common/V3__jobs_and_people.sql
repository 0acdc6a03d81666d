-- Which job carries a request out, which run brought it, and what people decided about it.

create table job (
    name              varchar(60) primary key,
    -- When a batch of it was claimed last: the one that has waited longest is served first.
    claimed_at        timestamp with time zone
);
insert into job (name) values ('offboarding');

alter table request add column job varchar(60) default 'offboarding' not null references job;
alter table request add column run_number bigint;
alter table request add column line_number bigint;
-- The final request that a person asked for again with this one.
alter table request add column resubmits bigint references request;
-- The reasons for which it was held and from which a person has released it, with blanks between them.
alter table request add column released varchar default '' not null;

-- The work of one job is found without reading past that of another.
create index request_due_of_job on request (job, due_at, number);
create index request_by_run on request (run_number, status);
create index request_by_resubmit on request (resubmits);
create index request_by_subscription on request (subscription_id, number);
create index request_by_reason on request (reason, number);

alter table batch add column job varchar(60) default 'offboarding' not null references job;
create index batch_by_job on batch (job, number);

-- A permit counts for its job, too.
alter table permit add column job varchar(60) default 'offboarding' not null references job;
create index permit_of_job on permit (job, reserved_at);

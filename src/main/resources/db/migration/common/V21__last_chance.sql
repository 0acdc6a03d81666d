-- What was read once about the target of a held request, so that people see names: JSON; null until it was read.
alter table request add column sight varchar;

-- When the target of a held request is to be read; null when it need not be.
alter table request add column look_at timestamp with time zone;
update request set look_at = changed_at where status = 'held';
-- Only what is held and was not read has it.
create index request_by_look_at on request (look_at);

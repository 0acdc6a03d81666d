-- Requests are claimed job by job (request_due_of_job); nothing asks for what is due in all jobs together any more.
drop index request_due;

-- A job's share of a rate has a row beside the rate's own, named after both.
alter table pace alter column id set data type varchar(200);

-- What retention looks for, and no more: rows that are open are in none of these.
create index request_with_details on request (settled_at) where details_deleted_at is null and settled_at is not null;
create index request_stub on request (settled_at) where details_deleted_at is not null;
create index refusal_with_record on refusal (refused_at) where record_value is not null or record_key is not null;
create index refusal_by_time on refusal (refused_at);
create index firing_by_time on firing (due_at);
create index batch_by_end on batch (ended_at) where state in ('completed', 'abandoned');

-- PostgreSQL looks these up whenever a row is deleted that they refer to.
create index request_withdrawn_by on request (withdrawn_by) where withdrawn_by is not null;
create index attempt_try_by_batch on attempt_try (batch_number);
create index tenant_doubt_by_batch on tenant_doubt_batch (batch_number);

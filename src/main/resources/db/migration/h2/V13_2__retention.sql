-- H2 has no partial indexes; it makes those of foreign keys itself.
create index request_with_details on request (details_deleted_at, settled_at);
create index refusal_by_time on refusal (refused_at);
create index firing_by_time on firing (due_at);
create index batch_by_end on batch (ended_at);

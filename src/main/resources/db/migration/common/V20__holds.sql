-- What a release was given for: by the reason of the hold, the sentence in which the guard said what it had found.
alter table request add column released_for varchar;

-- Until when a person may decide about a held request; null while it is not held. Then it is rejected.
alter table request add column decide_by timestamp with time zone;
update request set decide_by = changed_at + interval '14' day where status = 'held';
-- Only held requests have it: the index stays as small as what waits for people.
create index request_by_decide_by on request (decide_by);

-- By when a request must be carried out that waits for this one; null when none has waited.
alter table request add column needed_by timestamp with time zone;
update request
   set needed_by = (select min(w.last_chance_at) from request w where w.waits_for = request.number)
 where number in (select waits_for from request where waits_for is not null);
-- Requests are claimed in this order; H2 has no indexes on expressions, and no partial ones.
alter table request add column claim_by timestamp with time zone
    generated always as (coalesce(least(last_chance_at, needed_by), last_chance_at, needed_by));
create index request_by_urgency on request (job, claim_by nulls last, due_at, number);

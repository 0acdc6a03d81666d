-- Plans that are approved and applied.

-- The approved plan that a request carries out a part of.
alter table request add column plan_number bigint;

-- The decision that waits for a second person; null when nobody asked for one.
alter table plan add column decision_number bigint;
alter table plan add column approved_by varchar;
alter table plan add column approved_at timestamp with time zone;
alter table plan add column approved_cause varchar;
-- Whether one person alone approved it.
alter table plan add column approved_alone boolean;
alter table plan add column applied_by varchar;
alter table plan add column applied_at timestamp with time zone;
-- Its own budget: what exactly it says, from its approval on.
alter table plan add column customers integer;
alter table plan add column calls integer;
create index plan_by_decision on plan (decision_number);

-- The request that carries it out, or why there is none; both null while the plan is not applied.
alter table plan_item add column successor bigint;
alter table plan_item add column skipped varchar;
create index plan_item_by_successor on plan_item (successor);

alter table permit add column plan_number bigint;
create index permit_by_plan on permit (plan_number, reserved_at);

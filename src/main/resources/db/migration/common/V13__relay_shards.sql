-- Several nodes publish: each customer belongs to one of 256 slots, each slot to a shard, each shard to one node at a time.

alter table outcome_to_send add column customer_id varchar(36);
-- 0 to 255, from the last two digits of the customer's id.
alter table outcome_to_send add column slot integer;

update outcome_to_send
   set customer_id = (
           select r.customer_id from outcome o join request r on r.number = o.request_number
            where o.number = outcome_to_send.outcome_number),
       slot = (
           select 16 * (position(substring(r.customer_id from 35 for 1) in '0123456789abcdef') - 1)
                     + position(substring(r.customer_id from 36 for 1) in '0123456789abcdef') - 1
             from outcome o join request r on r.number = o.request_number
            where o.number = outcome_to_send.outcome_number);

alter table outcome_to_send alter column customer_id set not null;
alter table outcome_to_send alter column slot set not null;

create table relay_shard (
    number            integer primary key,
    -- An incarnation of a node; empty when it was given back.
    owner             varchar(300) not null,
    held_until        timestamp with time zone not null
);

-- The nodes that publish now, so that each takes no more shards than its part.
create table relay_node (
    name              varchar(300) primary key,
    seen_until        timestamp with time zone not null
);

-- Until when an open request can still be carried out as it is meant, as far as that is known; null once it is final.
alter table request add column last_chance_at timestamp with time zone;
-- What ends then: not-after, cancellation-window or renewal.
alter table request add column last_chance_of varchar(20);
-- How near it was, in hours, when people were told of it last; null when they were not.
alter table request add column last_chance_told integer;
update request
   set last_chance_at = cast(substring(substring(terms from position('"notAfter":"' in terms) + 12)
                                       from 1
                                       for position('"' in substring(terms from position('"notAfter":"' in terms) + 12)) - 1)
                             as timestamp with time zone),
       last_chance_of = 'not-after'
 where settled_at is null and position('"notAfter":"' in terms) > 0;
-- Only what is open has it.
create index request_by_last_chance on request (last_chance_at);

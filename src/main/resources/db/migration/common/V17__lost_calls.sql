-- Requests for which the newer database, which is lost, may have known of a call: two late reads must show that it had no
-- effect before a call is made. first_look_at: when the first one was begun.
create table lost_call (
    request_number    bigint primary key,
    first_look_at     timestamp with time zone
);

-- Breaches of budgets that hold the rest of the same source, operation and group; a row lasts as long as its burst.

create table burst (
    source            varchar(400) not null,
    operation         varchar(40) not null,
    -- The empty text: what is without a group.
    group_name        varchar(200) not null,
    since             timestamp with time zone not null,
    request_number    bigint not null,
    -- Source and id of that request.
    request           varchar not null,
    -- What the budget said.
    breach            varchar not null,
    -- Whether it was found while requests were judged in ledger order, and not at the permit of one.
    in_order          boolean not null,
    primary key (source, operation, group_name)
);

-- The local users of a small installation.

create table local_user (
    name              varchar(60) primary key,
    -- Its hash, with the name of the way it was made in front.
    password          varchar not null,
    -- With blanks between them.
    roles             varchar not null,
    -- In whose name a requester asks, one a line.
    sources           varchar not null,
    created_at        timestamp with time zone not null,
    changed_at        timestamp with time zone not null
);

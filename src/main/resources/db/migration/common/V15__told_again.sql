-- What a source asks to be told again while it is being sent is sent once more.
alter table outcome_to_send add column again boolean default false not null;

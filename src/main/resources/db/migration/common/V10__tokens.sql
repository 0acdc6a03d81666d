-- The row of the refresh token is there from now on, so that it can be locked before there is a token.
insert into sign_in (name, version)
select 'app-user', 0
 where not exists (select 1 from sign_in where name = 'app-user');

alter table sign_in add column used_at timestamp with time zone;
alter table sign_in add column person varchar(200);
alter table sign_in add column second_factor varchar(10);
alter table sign_in add column refused_at timestamp with time zone;
alter table sign_in add column refusal varchar(1000);

-- Every token that was ever handed over from outside, by its SHA-256: what was rotated since is newer than it.
create table imported_token (
    digest            varchar(64) primary key,
    imported_at       timestamp with time zone not null
);

insert into imported_token (digest, imported_at)
select imported_digest, coalesce(rotated_at, current_timestamp)
  from sign_in
 where imported_digest is not null;

alter table sign_in drop column imported_digest;

-- Who decided what became of a try, where reading could not tell; null where a read showed it.
alter table attempt_try add column found_by varchar;

-- When the newest piece of a file arrived; null while none has.
alter table upload add column received_at timestamp with time zone;

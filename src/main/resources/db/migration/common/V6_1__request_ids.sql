-- An operator knows a request's id and not always its source.
create index request_by_id on request (id, number);

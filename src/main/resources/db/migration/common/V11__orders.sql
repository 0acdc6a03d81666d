-- Software that no list of subscriptions shows is named by its order, and by a line of it.
alter table request add column order_id varchar(100);
alter table request add column order_line_item integer;
create index request_by_order on request (order_id, number);

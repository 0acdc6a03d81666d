-- A request may consist of several steps; the word of a step of a chain names its target, too.

alter table attempt alter column step set data type varchar(200);
alter table permit alter column step set data type varchar(200);

insert into budget (operation) values ('suspend-subscription');
insert into budget (operation) values ('reactivate-subscription');
insert into budget (operation) values ('turn-off-auto-renew');

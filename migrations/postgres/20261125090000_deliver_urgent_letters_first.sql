-- Which letters leave first when many wait: 0 a link, 1 an offer, 2 news, 3 what goes to many.
-- Those that wait now, and those that nodes of the release before still write, count as news.
alter table outbox add column urgency integer not null default 2;
drop index outbox_due;
create index outbox_to_send on outbox (urgency, due_at, position)
    where sent_at is null and failed_at is null;
create index outbox_to_send_by_reader on outbox (to_address, position)
    where sent_at is null and failed_at is null;

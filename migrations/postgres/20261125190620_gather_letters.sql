-- Letters about a change wait a little, so that what changes next goes into the same letter: until when,
-- and what they say changed, a line each.
alter table outbox add column gathers_until timestamptz;
alter table outbox add column changes text;
create index outbox_gathering on outbox (registration)
    where gathers_until is not null and sent_at is null and failed_at is null;
create index outbox_gathering_for on outbox (place)
    where gathers_until is not null and sent_at is null and failed_at is null;
alter table announcements add column leaves_at timestamptz;

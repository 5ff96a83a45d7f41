-- Whoever has opened a link that we sent to an address reads what is sent there: a digest of the address,
-- and since when. An address that is typed by a stranger gets few invites until then.
create table readers (
    digest text not null primary key,
    since text not null
) strict;

-- Whom a link was sent to.
alter table links add column reader text;

-- Whom an invite is for, and whether it waits because others went there and nobody opened any.
alter table outbox add column invite_for text;
alter table outbox add column is_held integer not null default 0 check (is_held in (0, 1));
create index outbox_by_invited on outbox (invite_for, sent_at) where invite_for is not null;
create index outbox_invites_unsent on outbox (registration)
    where invite_for is not null and sent_at is null and failed_at is null;
create index outbox_invites_queued on outbox (invite_for)
    where invite_for is not null and sent_at is null and failed_at is null;

-- What calendars answered to invites, and every message that came to the reply mailbox.
alter table invitations add column answer text check (answer in ('accepted', 'tentative', 'declined'));
alter table invitations add column answered_sequence integer;
alter table invitations add column answered_stamp timestamptz;
alter table invitations add column answered_at timestamptz;

-- Until when a place that its attendee's calendar declined stays hers.
alter table places add column release_at timestamptz;
create index places_to_release on places (release_at) where release_at is not null;

alter table sessions add column on_decline text not null default 'release'
    check (on_decline in ('release', 'ask'));

alter table outbox add column bounced_at timestamptz;
alter table outbox add column bounce_reason text;
create index outbox_bounced on outbox (bounced_at) where bounced_at is not null;

-- `digest` is of the whole message, so that each is taken once, however often it is fetched. `raw`
-- is kept only while a person has to read it.
create table received_mails (
    id uuid primary key not null,
    digest bytea not null unique,
    received_at timestamptz not null,
    from_address text,
    subject text not null,
    outcome text not null,
    place uuid references places (id),
    raw bytea,
    done_at timestamptz
);
create index received_mails_by_time on received_mails (received_at);
create index received_mails_to_read on received_mails (received_at) where raw is not null;

-- Letters waiting to be delivered, and the log of everything that happened.
create table outbox (
    id blob primary key not null,
    kind text not null,
    registration blob references registrations (id),
    place blob references places (id),
    to_name text,
    to_address text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    calendar_method text,
    calendar_body text,
    thread text,
    position integer not null,
    created_at text not null,
    due_at text not null,
    attempts integer not null default 0,
    claimed_until text,
    sent_at text,
    failed_at text,
    last_error text
) strict;
create index outbox_due on outbox (due_at) where sent_at is null and failed_at is null;
create index outbox_by_thread on outbox (thread, position) where sent_at is null and failed_at is null;

create table audit_events (
    id blob primary key not null,
    at text not null,
    actor text not null,
    action text not null,
    session text,
    registration blob,
    place blob,
    detail text
) strict;
create index audit_by_registration on audit_events (registration, at);
create index audit_by_session on audit_events (session, at);

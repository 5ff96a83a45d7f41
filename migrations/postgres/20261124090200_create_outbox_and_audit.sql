-- Letters waiting to be delivered, and the log of everything that happened.
create table outbox (
    id uuid primary key not null,
    kind text not null,
    registration uuid references registrations (id),
    place uuid references places (id),
    to_name text,
    to_address text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    calendar_method text,
    calendar_body text,
    thread text,
    position bigint not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    claimed_until timestamptz,
    sent_at timestamptz,
    failed_at timestamptz,
    last_error text
);
create index outbox_due on outbox (due_at) where sent_at is null and failed_at is null;
create index outbox_by_thread on outbox (thread, position) where sent_at is null and failed_at is null;

create table audit_events (
    id uuid primary key not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    session text,
    registration uuid,
    place uuid,
    detail text
);
create index audit_by_registration on audit_events (registration, at);
create index audit_by_session on audit_events (session, at);

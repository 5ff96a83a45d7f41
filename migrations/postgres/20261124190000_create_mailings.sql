-- A message of the office to people of a session, and whom it goes to. Whoever is on the list when
-- it is sent gets it once: `letter` says that theirs was written, whichever node wrote it.
create table mailings (
    id uuid primary key not null,
    session text not null references sessions (code),
    author text not null references staff (login),
    attempt text not null unique,
    audience text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null
);
create index mailings_by_session on mailings (session, created_at);

create table mailing_recipients (
    mailing uuid not null references mailings (id),
    address text not null,
    names text not null,
    registration uuid not null references registrations (id),
    letter uuid references outbox (id),
    primary key (mailing, address)
);
create index mailing_recipients_unwritten on mailing_recipients (mailing) where letter is null;

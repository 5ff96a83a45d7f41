-- What happened to a session that its people are still to be told: written with the change itself, so
-- that nothing goes untold, and deleted when the last letter is written. `words` are a line each: what
-- changed, or why it is called off; `sittings` are those it concerns.
create table announcements (
    id uuid primary key not null,
    session text not null references sessions (code),
    kind text not null check (kind in ('changed', 'cancelled')),
    words text not null,
    sittings text not null,
    made_at timestamptz not null
);

-- Whose letters are not written yet: a line is deleted in the transaction that writes them.
create table announcements_untold (
    announcement uuid not null references announcements (id),
    registration uuid not null references registrations (id),
    primary key (announcement, registration)
);
create index announcements_untold_by_registration on announcements_untold (registration);

-- A file somebody brings in: what stands in it, for a day, until it was imported or thrown away; and what it
-- made, so that all of it can be taken back as one.
create table imports (
    id uuid primary key not null,
    kind text not null check (kind in ('institutions', 'bookings', 'sessions', 'people')),
    file_name text,
    how text not null,
    heads text,
    cells text,
    settings text,
    session text,
    made_by text not null references staff (login),
    at timestamptz not null,
    made_at timestamptz,
    undone_at timestamptz
);
create index imports_by_time on imports (at);
create index imports_by_staff on imports (made_by, at);
create index imports_with_rows on imports (at) where cells is not null;
create table import_made (
    import uuid not null references imports (id),
    number integer not null,
    key text not null,
    digest bytea not null,
    kept text,
    primary key (import, number)
);

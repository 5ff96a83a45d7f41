-- A day that was taken off a session, as it was: calendars are still to be told of it, and feeds show it
-- as cancelled for two weeks. `days` is of how many it was one.
create table removed_days (
    id uuid primary key not null,
    session text not null references sessions (code),
    number integer not null check (number > 0),
    days integer not null check (days > 0),
    starts timestamp not null,
    ends timestamp not null,
    zone text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    uid text not null unique,
    sequence integer not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    removed_at timestamptz not null
);
create index removed_days_by_session on removed_days (session);
create index removed_days_by_time on removed_days (removed_at);

-- What was sent for a day outlives the day, so an invitation no longer points into `sittings`.
alter table invitations drop constraint invitations_sitting_fkey;

-- Whether the database takes a write, seen by writing: a row for each process that was asked.
create table heartbeats (
    node uuid primary key,
    at timestamptz not null,
    -- As much as a booking writes, where the last write failed.
    ballast bytea not null
);

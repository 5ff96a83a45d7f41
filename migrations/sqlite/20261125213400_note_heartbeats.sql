-- Whether the database takes a write, seen by writing: a row for each process that was asked.
create table heartbeats (
    node blob primary key,
    at text not null,
    -- As much as a booking writes, where the last write failed.
    ballast blob not null
) strict;

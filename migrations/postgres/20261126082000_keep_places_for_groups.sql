-- Places of a session that are kept for a group until a moment, then released to everybody.
create table reserves (
    id uuid primary key not null,
    session text not null references sessions (code) on delete cascade,
    for_group text not null,
    places integer not null check (places > 0),
    until timestamptz not null,
    made_by text not null,
    made_at timestamptz not null,
    released_at timestamptz
);
create index reserves_by_session on reserves (session) where released_at is null;
create index reserves_running_out on reserves (until) where released_at is null;

-- What is kept and not taken, as of the last change of a place: written with it, so that whoever reads a session
-- knows it without counting.
alter table sessions add column kept_for text not null default '';

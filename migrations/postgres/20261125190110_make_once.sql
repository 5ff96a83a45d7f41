-- What each attempt to make something made, so that a form that is sent twice makes one. `digest` is of
-- the form's token and of everything sent with it. Forgotten after a month.
create table attempts (
    digest bytea primary key not null,
    kind text not null,
    made text not null,
    at timestamptz not null
);
create index attempts_by_time on attempts (at);

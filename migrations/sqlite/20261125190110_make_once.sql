-- What each attempt to make something made, so that a form that is sent twice makes one. `digest` is of
-- the form's token and of everything sent with it. Forgotten after a month.
create table attempts (
    digest blob primary key not null,
    kind text not null,
    made text not null,
    at text not null
) strict;
create index attempts_by_time on attempts (at);

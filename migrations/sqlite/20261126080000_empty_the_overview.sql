-- What somebody said of a thing on the overview: that it is done, whose it is, or until when it is left.
create table overview_marks (
    thing text primary key not null,
    fact integer not null,
    state text not null check (state in ('open', 'done', 'snoozed')),
    snoozed_until text,
    assignee text,
    note text,
    marked_by text not null,
    marked_at text not null,
    check ((state = 'snoozed') = (snoozed_until is not null))
) strict;
create index overview_marks_by_time on overview_marks (marked_at);

-- What is arranged so that a session works for everybody. What follows from needs has one line for each kind.
create table supports (
    id blob primary key not null,
    session text not null references sessions (code) on delete cascade,
    kind text not null check (kind in ('interpreter', 'kitchen', 'other')),
    title text not null default '',
    state text not null check (state in ('to-arrange', 'asked', 'booked', 'not-needed')),
    people integer not null default 0 check (people >= 0),
    by_whom text,
    cost_pence integer check (cost_pence >= 0),
    note text,
    changed_by text not null,
    changed_at text not null
) strict;
create unique index supports_of_needs on supports (session, kind) where kind <> 'other';
create index supports_by_session on supports (session);

-- Sessions of which everybody is told on one day: answers to those who ask are noted, and given on that day. What
-- was promised meanwhile is counted in the row of the session, so that nobody else takes it.
create table decision_days (
    session text primary key not null references sessions (code) on delete cascade,
    tell_at timestamptz,
    set_by text not null,
    set_at timestamptz not null
);
create index decision_days_due on decision_days (tell_at) where tell_at is not null;

create table application_decisions (
    registration uuid primary key not null references registrations (id) on delete cascade,
    session text not null references sessions (code) on delete cascade,
    decision text not null check (decision in ('approve', 'wait', 'refuse')),
    reason text,
    places integer not null default 0,
    decided_by text not null,
    decided_at timestamptz not null
);
create index application_decisions_by_session on application_decisions (session);

alter table sessions add column promised integer not null default 0 check (promised >= 0);

-- What each reader thinks of an application, from 0 to 5. Applicants are not shown it.
create table application_scores (
    registration uuid not null references registrations (id) on delete cascade,
    reader text not null references staff (login),
    session text not null references sessions (code) on delete cascade,
    score integer not null check (score between 0 and 5),
    note text,
    scored_at timestamptz not null,
    primary key (registration, reader)
);
create index application_scores_by_session on application_scores (session);

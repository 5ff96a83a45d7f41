-- What help a session offers to whoever comes, in the words of its organiser, and how much of the budget may go to
-- each kind of it.
create table help_offers (
    session text not null references sessions (code) on delete cascade,
    kind text not null check (kind in ('bursary', 'childcare', 'interpreter', 'travel')),
    words text,
    budget_pence integer check (budget_pence >= 0),
    primary key (session, kind)
) strict;

-- How much all of it may be.
create table help_budgets (
    session text primary key not null references sessions (code) on delete cascade,
    pence integer not null check (pence >= 0)
) strict;

-- What somebody asks for with her place, and what was decided. Why she asks and who her children are goes soon after
-- the session; what was granted and paid stays for the accounts, without the name.
create table help_requests (
    id blob primary key not null,
    place blob not null references places (id),
    session text not null references sessions (code),
    kind text not null check (kind in ('bursary', 'childcare', 'interpreter', 'travel')),
    state text not null check (state in ('asked', 'later', 'granted', 'refused', 'withdrawn')),
    asked_pence integer check (asked_pence >= 0),
    children integer,
    ages text,
    hours text,
    language text,
    travel_from text,
    travel_how text,
    why text,
    depends integer not null default 0 check (depends in (0, 1)),
    asked_at text not null,
    changed_at text not null,
    granted_pence integer check (granted_pence >= 0),
    over_pence integer,
    by_whom text,
    reason text,
    decided_by text,
    decided_at text,
    paid_on text,
    paid_how text,
    paid_by text,
    version integer not null default 1
) strict;
create unique index help_requests_once on help_requests (place, kind);
create index help_requests_of_session on help_requests (session, state);
create index help_requests_open on help_requests (state, asked_at) where state in ('asked', 'later');
create index help_requests_by_change on help_requests (changed_at, id);
create index help_requests_with_words on help_requests (session)
    where children is not null or ages is not null or hours is not null or language is not null
       or travel_from is not null or travel_how is not null or why is not null
       or reason is not null or by_whom is not null;

create trigger help_offers_seen_new after insert on help_offers begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;
create trigger help_offers_seen_changed after update on help_offers begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;
create trigger help_offers_seen_gone after delete on help_offers begin
    update sessions set seen_version = seen_version + 1 where code = old.session;
end;

-- Who wants to be told when there is a date of a course, and how far she would go. Nothing is told before she confirmed
-- it by the link in a letter.
create table interests (
    id uuid primary key not null,
    course text not null references courses (slug),
    alliance text references alliances (slug),
    place text,
    reach text not null check (reach in ('here', 'online', 'anywhere')),
    person uuid references people (id),
    key text not null,
    name text not null,
    email text not null,
    asked_at timestamptz not null,
    confirmed_at timestamptz,
    ended_at timestamptz
);
create index interests_waiting on interests (course, confirmed_at) where confirmed_at is not null and ended_at is null;
create index interests_by_address on interests (email, course);
create index interests_by_person on interests (person);
create index interests_by_key on interests (key);
create index interests_by_time on interests (asked_at);
create index interests_by_alliance on interests (alliance);

-- What somebody was told: this session, as it was then.
create table interest_told (
    interest uuid not null references interests (id) on delete cascade,
    session text not null references sessions (code) on delete cascade,
    said text not null,
    told_at timestamptz not null,
    primary key (interest, session)
);
create index interest_told_by_session on interest_told (session);

create table interest_links (
    token_hash bytea primary key not null,
    interest uuid not null references interests (id) on delete cascade,
    created_at timestamptz not null
);
create index interest_links_by_interest on interest_links (interest);

-- Since when lists show a session, and when the next who wait are told of it; null when all of them are.
create table session_listings (
    session text primary key not null references sessions (code) on delete cascade,
    listed_at timestamptz not null,
    next_at timestamptz
);
create index session_listings_due on session_listings (next_at) where next_at is not null;
insert into session_listings (session, listed_at)
    select s.code, (select min(t.created_at) from sittings t where t.session = s.code) from sessions s
    where s.publication <> 'draft' and s.admission = 'public'
      and exists (select 1 from sittings t where t.session = s.code);

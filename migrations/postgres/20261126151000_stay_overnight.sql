-- People stay overnight: whether they do, when rooms are given out, and from when and until when they are there.
alter table sessions add column residential boolean not null default false;
alter table sessions add column rooms_on date;
alter table sessions add column arrival text;
alter table sessions add column departure text;
create index sessions_giving_rooms on sessions (rooms_on) where rooms_on is not null;

create trigger sessions_stay_seen before update of residential, rooms_on, arrival, departure on sessions
for each row execute function count_a_seen_change();

-- What somebody says of her stay, with her place: it goes with it, and stays behind when somebody else comes.
-- Nights are empty for all, `none`, or dates.
create table stays (
    place uuid primary key not null references places (id) on delete cascade,
    session text not null references sessions (code) on delete cascade,
    nights text not null default '',
    with_whom text,
    step_free boolean not null default false,
    quiet boolean not null default false,
    own_room boolean not null default false,
    own_room_why text,
    arrives_on date,
    arrives_at text,
    arrives_by text check (arrives_by in ('train', 'coach', 'car', 'lift', 'other')),
    arrives_from text,
    arrives_lift text check (arrives_lift in ('needs', 'offers', 'met')),
    leaves_on date,
    leaves_at text,
    leaves_by text check (leaves_by in ('train', 'coach', 'car', 'lift', 'other')),
    leaves_from text,
    leaves_lift text check (leaves_lift in ('needs', 'offers', 'met')),
    said_by text not null,
    said_at timestamptz not null
);
create index stays_by_session on stays (session);

-- For which day of giving out rooms somebody was asked once more how she stays.
create table stay_letters (
    place uuid primary key not null references places (id) on delete cascade,
    asked_for date not null,
    asked_at timestamptz not null
);

-- The rooms of a session, and who sleeps in which. Whoever gives up her place, or is replaced, frees her bed: only
-- places that are confirmed are counted.
create table rooms (
    id blob primary key not null,
    session text not null references sessions (code) on delete cascade,
    name text not null,
    beds integer not null check (beds > 0),
    step_free integer not null default 0,
    quiet integer not null default 0,
    notes text,
    position integer not null
) strict;
create index rooms_by_session on rooms (session, position);

create table room_places (
    place blob primary key not null references places (id) on delete cascade,
    room blob not null references rooms (id) on delete cascade,
    session text not null references sessions (code) on delete cascade
) strict;
create index room_places_by_session on room_places (session);
create index room_places_by_room on room_places (room);

-- Which room somebody was told last, in the words of the letter.
create table room_letters (
    place blob primary key not null references places (id) on delete cascade,
    told text not null,
    told_at text not null
) strict;

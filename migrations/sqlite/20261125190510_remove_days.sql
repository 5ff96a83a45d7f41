-- A day that was taken off a session, as it was: calendars are still to be told of it, and feeds show it
-- as cancelled for two weeks. `days` is of how many it was one.
create table removed_days (
    id blob primary key not null,
    session text not null references sessions (code),
    number integer not null check (number > 0),
    days integer not null check (days > 0),
    starts text not null,
    ends text not null,
    zone text not null,
    starts_at text not null,
    ends_at text not null,
    uid text not null unique,
    sequence integer not null,
    created_at text not null,
    changed_at text not null,
    removed_at text not null
) strict;
create index removed_days_by_session on removed_days (session);
create index removed_days_by_time on removed_days (removed_at);

-- What was sent for a day outlives the day, so an invitation no longer points into `sittings`.
create table invitations_now (
    id blob primary key not null,
    place blob not null references places (id),
    sitting blob not null,
    uid text not null unique,
    address text not null,
    name text not null,
    sequence integer not null,
    stamp text not null,
    withdrawn integer not null default 0,
    answer text check (answer in ('accepted', 'tentative', 'declined')),
    answered_sequence integer,
    answered_stamp text,
    answered_at text,
    rendered text,
    occasion text,
    organizer text,
    asked integer not null default 0
) strict;
insert into invitations_now (id, place, sitting, uid, address, name, sequence, stamp, withdrawn, answer,
    answered_sequence, answered_stamp, answered_at, rendered, occasion, organizer, asked)
select id, place, sitting, uid, address, name, sequence, stamp, withdrawn, answer, answered_sequence,
    answered_stamp, answered_at, rendered, occasion, organizer, asked
from invitations;
drop table invitations;
alter table invitations_now rename to invitations;
create unique index invitations_live on invitations (place, sitting) where not withdrawn;
create index invitations_by_place on invitations (place);

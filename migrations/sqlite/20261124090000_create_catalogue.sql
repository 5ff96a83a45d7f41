-- Alliances, institutions, courses, staff, and the sessions they plan.
create table alliances (
    slug text primary key not null,
    name text not null,
    time_zone text not null,
    contact_email text not null
) strict;

create table institutions (
    code text primary key not null,
    name text not null,
    kind text not null,
    alliance text not null references alliances (slug),
    membership text not null
) strict;
create index institutions_by_alliance on institutions (alliance, name);

create table courses (
    slug text primary key not null,
    title text not null,
    summary text not null,
    campaign text not null,
    learning_minutes integer not null check (learning_minutes >= 0),
    default_capacity integer not null check (default_capacity > 0),
    needs_guardian integer not null default 0
) strict;

create table course_prerequisites (
    course text not null references courses (slug),
    prerequisite text not null references courses (slug),
    primary key (course, prerequisite),
    check (course <> prerequisite)
) strict;

create table staff (
    login text primary key not null,
    name text not null,
    email text not null unique,
    role text not null check (role in ('admin', 'organiser', 'trainer')),
    disabled_at text
) strict;

create table staff_alliances (
    login text not null references staff (login),
    alliance text not null references alliances (slug),
    primary key (login, alliance)
) strict;

-- `occupied` counts the places that are confirmed, offered or held. Only the triggers on places
-- write it; the check makes an oversold row impossible, whatever the program does.
create table sessions (
    code text primary key not null,
    course text not null references courses (slug),
    alliance text not null references alliances (slug),
    venue_name text,
    venue_address text,
    online_room text,
    access text not null default '',
    capacity integer not null check (capacity > 0),
    occupied integer not null default 0 check (occupied >= 0),
    places_per_institution integer check (places_per_institution > 0),
    places_per_booking integer not null check (places_per_booking > 0),
    mode text not null check (mode in ('instant', 'approval')),
    booking_opens text,
    booking_closes text,
    note text,
    publication text not null check (publication in ('draft', 'published', 'cancelled')),
    cancelled_at text,
    cancel_reason text,
    version integer not null default 0,
    constraint never_oversold check (occupied <= capacity),
    constraint somewhere check ((venue_name is null) <> (online_room is null))
) strict;
create index sessions_by_course on sessions (course);
create index sessions_by_alliance on sessions (alliance);

create table session_trainers (
    session text not null references sessions (code),
    login text not null references staff (login),
    position integer not null,
    primary key (session, login)
) strict;
create index session_trainers_by_login on session_trainers (login);

create table sittings (
    id blob primary key not null,
    session text not null references sessions (code),
    number integer not null check (number > 0),
    starts text not null,
    ends text not null,
    zone text not null,
    starts_at text not null,
    ends_at text not null,
    uid text not null unique,
    sequence integer not null default 0,
    created_at text not null,
    changed_at text not null,
    unique (session, number),
    check (ends_at > starts_at)
) strict;
create index sittings_by_start on sittings (starts_at);

-- What the waiting list, requests and prerequisites need.
alter table sessions add column waiting_list integer not null default 1;
alter table sessions add column last_queue integer not null default 0;
alter table sessions add column changes_close text;

-- `asked` is how many places the leader asked for when fewer could be held.
alter table registrations add column asked integer not null default 0;
alter table registrations add column nomination text;

-- A place that waits again is a new row; the one it stands in for is superseded.
alter table places add column superseded integer not null default 0;
drop index places_by_registration;
create unique index places_by_registration on places (registration, number)
    where state <> 'expired' and not superseded;
create index places_waiting on places (session, queue) where state = 'waiting';

-- Who has done which course, from the door of our own sessions or from files of earlier years.
create table course_attendances (
    id blob primary key not null,
    course text not null references courses (slug),
    name text not null,
    email text not null,
    attended_on text not null,
    source text not null,
    unique (course, email, name)
) strict;
create index course_attendances_by_email on course_attendances (email, course);

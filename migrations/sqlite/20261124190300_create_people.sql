-- Somebody we know, whatever she booked. An address is neither needed nor hers alone. Under which names
-- and addresses she is known stands in person_keys; merging two people moves the keys of one.
create table people (
    id blob primary key not null,
    name text not null,
    email text,
    phone text,
    institution text references institutions (code),
    known_since text not null,
    archived_at text,
    merged_into blob references people (id)
) strict;
create index people_by_name on people (lower(name), id) where merged_into is null;
create index people_by_email on people (email) where merged_into is null;
create index people_by_institution on people (institution);

create table person_keys (
    key text primary key not null,
    person blob not null references people (id)
) strict;
create index person_keys_by_person on person_keys (person);

-- Who sits on a place and who leads a booking: found by the jobs a moment after it was written.
alter table places add column person blob references people (id);
alter table registrations add column person blob references people (id);
create index places_by_person on places (person) where person is not null;
create index registrations_by_person on registrations (person) where person is not null;
create index places_unknown on places (id) where person is null and name is not null;
create index registrations_unknown on registrations (id) where person is null;

-- Whether two people are one, where that is unclear: asked once, and what an organiser says is kept. Being one is
-- written by merging them; `is_apart` says that they are two.
create table person_questions (
    id uuid primary key not null,
    one uuid not null references people (id),
    other uuid not null references people (id),
    asked_at timestamptz not null,
    answered_at timestamptz,
    is_apart boolean not null default false,
    unique (one, other)
);
create index person_questions_of_other on person_questions (other);
create index person_questions_open on person_questions (asked_at, id) where answered_at is null;

-- Further addresses and numbers of somebody; those that letters use stand in people.
create table person_contacts (
    id uuid primary key not null,
    person uuid not null references people (id),
    kind text not null,
    value text not null,
    added_at timestamptz not null
);
create index person_contacts_of_person on person_contacts (person);
create index person_contacts_by_value on person_contacts (value);
create index people_by_phone on people (phone) where merged_into is null and phone is not null;

-- By what whoever did a course is recognised, as on a booking.
alter table course_attendances add column person_key text;
create index course_attendances_by_key on course_attendances (person_key) where person_key is not null;
create index course_attendances_unkeyed on course_attendances (id)
    where person_key is null and erased_at is null;

-- Who is not recognised yet, without those who never will be: whoever typed and did not book, and whoever was erased.
drop index places_unknown;
create index places_unknown on places (id)
    where person is null and name is not null and erased_at is null and state <> 'expired';
drop index registrations_unknown;
create index registrations_unknown on registrations (id)
    where person is null and erased_at is null and booked_at is not null;
drop index walk_ins_unknown;
create index walk_ins_unknown on walk_ins (id)
    where person is null and removed_at is null and erased_at is null;

-- What staff note about a booking, a person or an institution, and what is to be done next: whose it is to do
-- makes a step of a note.
create table office_notes (
    id blob primary key not null,
    registration blob references registrations (id),
    person blob references people (id),
    institution text references institutions (code),
    author text not null,
    body text not null,
    written_at text not null,
    step_for text,
    step_by text,
    done_at text,
    done_by text,
    check ((registration is not null) + (person is not null) + (institution is not null) = 1)
) strict;
create index office_notes_of_registration on office_notes (registration) where registration is not null;
create index office_notes_of_person on office_notes (person) where person is not null;
create index office_notes_of_institution on office_notes (institution) where institution is not null;
create index office_notes_by_time on office_notes (written_at);

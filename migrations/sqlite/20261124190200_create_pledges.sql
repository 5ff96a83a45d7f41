-- How many people an institution promises to bring to a session, and when it was last reminded.
create table pledges (
    session text not null references sessions (code),
    institution text not null references institutions (code),
    people integer not null check (people > 0),
    pledged_at text not null,
    pledged_by text not null,
    chased_at text,
    primary key (session, institution)
) strict;
create index pledges_by_institution on pledges (institution);
create index registrations_by_institution on registrations (institution, booked_at);

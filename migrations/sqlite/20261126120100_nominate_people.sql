-- Who is nominated for a course and why, with a one-to-one before and a review after. What became of it follows from
-- what she was asked, what she booked and whether she came.
create table nominations (
    id blob primary key not null,
    course text not null references courses (slug),
    session text references sessions (code) on delete set null,
    alliance text not null references alliances (slug),
    person blob references people (id),
    key text,
    name text not null,
    email text,
    phone text,
    institution text references institutions (code),
    reason text not null,
    nominated_by text not null,
    registration blob references registrations (id),
    nominated_at text not null,
    decision text check (decision in ('approved', 'declined')),
    decided_by text,
    decided_at text,
    withdrawn_at text,
    before_who text,
    before_due text,
    before_done_at text,
    before_words text,
    after_who text,
    after_due text,
    after_done_at text,
    after_words text,
    check ((decision is null) = (decided_at is null))
) strict;
create index nominations_by_time on nominations (nominated_at);
create index nominations_by_alliance on nominations (alliance, nominated_at);
create index nominations_to_decide on nominations (nominated_at) where decision is null and withdrawn_at is null;
create index nominations_before on nominations (before_due) where before_done_at is null;
create index nominations_after on nominations (after_due) where after_done_at is null;
create index nominations_by_course on nominations (course);
create index nominations_by_session on nominations (session);
create index nominations_by_person on nominations (person);
create index nominations_by_key on nominations (key);
create index nominations_by_institution on nominations (institution);
create index nominations_by_registration on nominations (registration);

alter table personal_invitations add column nomination blob references nominations (id) on delete set null;
create index personal_invitations_by_nomination on personal_invitations (nomination);

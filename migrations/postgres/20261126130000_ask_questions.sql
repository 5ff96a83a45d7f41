-- What a course or a session asks beyond the ordinary. How a question is worded stands in its revisions, so that
-- an answer stays readable once the question is another; one that is not asked any more is retired.
create table questions (
    code text primary key not null,
    course text references courses (slug),
    session text references sessions (code) on delete cascade,
    position integer not null,
    asked text not null check (asked in ('booking', 'person')),
    required boolean not null default false,
    sensitive boolean not null default false,
    shown_when text,
    for_trainer boolean not null default false,
    for_helper boolean not null default false,
    for_kitchen boolean not null default false,
    for_sheet boolean not null default false,
    revision integer not null default 1,
    retired_at timestamptz,
    version integer not null default 0,
    check ((course is null) <> (session is null))
);
create index questions_by_course on questions (course) where course is not null;
create index questions_by_session on questions (session) where session is not null;

create table question_revisions (
    question text not null references questions (code) on delete cascade,
    number integer not null,
    kind text not null check (kind in ('text', 'long-text', 'choice', 'several', 'yes-no', 'date', 'consent')),
    wording text not null,
    help text,
    options text not null default '',
    most integer check (most > 0),
    at timestamptz not null,
    primary key (question, number)
);

-- An answer of a person hangs on her place and goes with it; one of a booking has none. `kept_as` says for how
-- long: as needs, as words, or as names.
create table answers (
    id uuid primary key not null,
    question text not null references questions (code) on delete cascade,
    revision integer not null,
    registration uuid not null references registrations (id) on delete cascade,
    place uuid references places (id) on delete cascade,
    session text not null references sessions (code) on delete cascade,
    value text not null,
    kept_as text not null check (kept_as in ('needs', 'words', 'names')),
    answered_at timestamptz not null
);
create unique index answers_of_bookings on answers (registration, question) where place is null;
create unique index answers_of_places on answers (place, question) where place is not null;
create index answers_by_registration on answers (registration);
create index answers_by_session on answers (session);
create index answers_by_question on answers (question);
create index answers_passing on answers (session, kept_as) where kept_as <> 'names';

-- What an organiser asks afterwards beside the three questions that everybody is asked. A question that was asked is
-- never worded anew: it is ended, and another takes its place, so that what was answered stays what was asked.
create table feedback_questions (
    id blob primary key not null,
    course text references courses (slug),
    session text references sessions (code) on delete cascade,
    kind text not null check (kind in ('scale', 'yes-no', 'choice', 'words')),
    wording text not null,
    options text not null default '',
    added_at text not null,
    ended_at text,
    check ((course is null) <> (session is null))
) strict;
create index feedback_questions_of_session on feedback_questions (session, added_at) where session is not null;
create index feedback_questions_of_course on feedback_questions (course, added_at) where course is not null;

-- What can be counted stands in `value`, and what somebody wrote in `words`, which is erased with her other words.
create table feedback_answers (
    place blob not null references places (id),
    question blob not null references feedback_questions (id) on delete cascade,
    value text,
    words text,
    given_at text not null,
    primary key (place, question)
) strict;
create index feedback_answers_of_question on feedback_answers (question);
create index feedback_answers_with_words on feedback_answers (given_at) where words is not null;

-- What people are given to read: a link or a PDF, of a session or of every session of a course. Files stand
-- beside the rest, so that a backup of the database is a backup of them too.
create table handouts (
    id blob primary key not null,
    course text references courses (slug),
    session text references sessions (code),
    title text not null,
    link text,
    file_name text,
    bytes integer,
    audience text not null check (audience in ('confirmed', 'came')),
    added_at text not null,
    check ((course is null) <> (session is null)),
    check ((link is null) <> (file_name is null))
) strict;
create index handouts_of_session on handouts (session, added_at) where session is not null;
create index handouts_of_course on handouts (course, added_at) where course is not null;

create table handout_files (
    handout blob primary key not null references handouts (id),
    content blob not null
) strict;

-- A path: which courses and which actions, of how many hours, make a certificate. What counts stands in its
-- versions: a published one is never changed, and whoever is on it stays on it until somebody moves her.
create table paths (
    slug text primary key not null,
    name text not null,
    about text,
    alliance text references alliances (slug),
    quiet_months integer not null check (quiet_months > 0),
    archived_at timestamptz,
    made_at timestamptz not null,
    version integer not null default 0
);

create table path_versions (
    path text not null references paths (slug),
    number integer not null check (number > 0),
    training_minutes integer not null check (training_minutes >= 0),
    action_minutes integer not null check (action_minutes >= 0),
    in_order boolean not null default false,
    repeats boolean not null default false,
    -- Which actions count, one a line; all where there is none.
    actions text not null default '',
    published_at timestamptz,
    primary key (path, number)
);

create table path_courses (
    path text not null,
    number integer not null,
    course text not null references courses (slug),
    position integer not null,
    is_required boolean not null default false,
    primary key (path, number, course),
    foreign key (path, number) references path_versions (path, number)
);

create index path_courses_of_course on path_courses (course);

-- Who is on a path, and who was. The number of a certificate stays when the name goes.
create table path_people (
    id uuid primary key not null,
    path text not null,
    number integer not null,
    person uuid not null references people (id),
    since date not null,
    joined_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    finished_at timestamptz,
    certificate text unique check (length(certificate) = 20),
    foreign key (path, number) references path_versions (path, number)
);

create index path_people_of_path on path_people (path, person);
create index path_people_of_person on path_people (person);

-- Courses elsewhere and hours of action: written down by an organiser, or claimed by whoever did it and
-- decided about.
create table path_records (
    id uuid primary key not null,
    person uuid not null references people (id),
    kind text not null check (kind in ('course', 'action')),
    title text not null,
    by_whom text,
    sort text,
    done_on date not null,
    minutes integer not null check (minutes > 0),
    state text not null check (state in ('asked', 'confirmed', 'refused')),
    is_claim boolean not null default false,
    reason text,
    asked_at timestamptz not null,
    decided_at timestamptz,
    decided_by text
);

create index path_records_of_person on path_records (person);
create index path_records_asked on path_records (asked_at) where state = 'asked';

-- A link by which somebody sees her path: sent to an address she is recognised by.
create table path_links (
    token_hash bytea primary key not null,
    person uuid not null references people (id),
    created_at timestamptz not null,
    ended_at timestamptz
);

create index path_links_of_person on path_links (person);

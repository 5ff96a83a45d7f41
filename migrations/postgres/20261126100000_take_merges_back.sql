-- Two people were made one. For a day that can be taken back: which rows came to be hers who was kept, and which
-- were hers before, is written down until then, and forgotten after it. What she lacked and was given is known
-- without repeating it.
create table person_merges (
    id uuid primary key not null,
    kept uuid not null references people (id),
    gone uuid not null references people (id),
    merged_at timestamptz not null,
    gave_email boolean not null default false,
    gave_phone boolean not null default false,
    gave_institution boolean not null default false
);
create index person_merges_of_kept on person_merges (kept);
create index person_merges_of_gone on person_merges (gone);

create table person_merge_rows (
    merge uuid not null references person_merges (id),
    relation text not null,
    row_key text not null,
    moved boolean not null,
    primary key (merge, relation, row_key, moved)
);

-- Places that were given up because one person had two, and what they were before.
create table person_merge_seats (
    merge uuid not null references person_merges (id),
    place uuid not null references places (id),
    state text not null,
    queue bigint,
    primary key (merge, place)
);

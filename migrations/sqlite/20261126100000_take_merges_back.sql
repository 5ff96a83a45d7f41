-- Two people were made one. For a day that can be taken back: which rows came to be hers who was kept, and which
-- were hers before, is written down until then, and forgotten after it. What she lacked and was given is known
-- without repeating it.
create table person_merges (
    id blob primary key not null,
    kept blob not null references people (id),
    gone blob not null references people (id),
    merged_at text not null,
    gave_email integer not null default 0,
    gave_phone integer not null default 0,
    gave_institution integer not null default 0
) strict;
create index person_merges_of_kept on person_merges (kept);
create index person_merges_of_gone on person_merges (gone);

create table person_merge_rows (
    merge blob not null references person_merges (id),
    relation text not null,
    row_key text not null,
    moved integer not null,
    primary key (merge, relation, row_key, moved)
) strict;

-- Places that were given up because one person had two, and what they were before.
create table person_merge_seats (
    merge blob not null references person_merges (id),
    place blob not null references places (id),
    state text not null,
    queue integer,
    primary key (merge, place)
) strict;

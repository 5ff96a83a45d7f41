-- Links for helpers at the door of one sitting: good on its day only, known by their digest.
create table helper_links (
    id blob primary key not null,
    token_hash blob not null unique,
    sitting blob not null references sittings (id) on delete cascade,
    walk_ins integer not null,
    made_by text not null,
    made_at text not null,
    ended_at text,
    ended_by text
) strict;
create index helper_links_of_sitting on helper_links (sitting);

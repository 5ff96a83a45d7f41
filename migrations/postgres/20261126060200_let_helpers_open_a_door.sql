-- Links for helpers at the door of one sitting: good on its day only, known by their digest.
create table helper_links (
    id uuid primary key not null,
    token_hash bytea not null unique,
    sitting uuid not null references sittings (id) on delete cascade,
    walk_ins boolean not null,
    made_by text not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    ended_by text
);
create index helper_links_of_sitting on helper_links (sitting);

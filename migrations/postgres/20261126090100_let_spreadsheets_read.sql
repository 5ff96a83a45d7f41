-- An address that a spreadsheet reads: counts of each session, or names where that was chosen. Whoever has it
-- reads it, so only its hash is kept, and it can be ended.
create table sheet_links (
    id uuid primary key not null,
    token_hash bytea not null unique,
    made_by text not null references staff (login),
    alliance text references alliances (slug),
    with_names boolean not null,
    created_at timestamptz not null,
    last_read date,
    revoked_at timestamptz
);
create index sheet_links_by_staff on sheet_links (made_by);

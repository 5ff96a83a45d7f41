-- Venues as records. A session that is held at one names it and keeps words of its own, which people were
-- told: what is corrected in the record reaches them by a change that tells them. The contact is the
-- venue's, and is taken out when the venue is archived.
create table venues (
    id text primary key not null,
    name text not null,
    address text not null default '',
    alliance text references alliances (slug),
    access_notes text,
    directions text,
    capacity integer check (capacity > 0),
    contact_name text,
    contact_phone text,
    contact_email text,
    cost text,
    hire_notes text,
    archived_at text,
    version integer not null default 0
) strict;

alter table sessions add column venue_id text references venues (id);

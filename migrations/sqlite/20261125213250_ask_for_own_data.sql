-- A link by which somebody sees, takes or erases what is held about her: sent to an address she is recognised
-- by, and good for a day, since a booking's own link may have been seen by others.
create table data_links (
    token_hash blob primary key not null,
    person blob not null references people (id),
    created_at text not null,
    expires_at text not null
) strict;

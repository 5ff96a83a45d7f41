-- Whether somebody who is named for a session is on it already is asked under its lock, for each booking: by an
-- index, not by reading everybody's name.
alter table places add column name_key text;
create index places_by_name on places (session, name_key);
create index places_unkeyed on places (session, id)
    where name_key is null and name is not null and erased_at is null;

-- By what a name is found and where it stands in a list, computed by the program (domain/finding.rs), so
-- that both databases agree. Rows of before, and those a node of before still writes, have none until the
-- program fills them in.
create table key_rules (
    id integer primary key not null check (id = 1),
    rules text not null
) strict;
insert into key_rules (id, rules) values (1, '');

alter table alliances add column search_key text;
alter table alliances add column sort_key blob;
alter table courses add column search_key text;
alter table courses add column sort_key blob;
alter table staff add column search_key text;
alter table staff add column sort_key blob;

alter table institutions add column search_key text;
alter table institutions add column sort_key blob;
create index institutions_unkeyed on institutions (code) where search_key is null;

-- The name alone, for those who may be the same person; all she is found by; where she stands.
alter table people add column name_key text;
alter table people add column search_key text;
alter table people add column sort_key blob;
create index people_unkeyed on people (id) where search_key is null;
drop index people_by_name;
create index people_by_name on people (name_key, id) where merged_into is null;
drop index people_listed;
create index people_listed on people ((archived_at is not null), sort_key, id)
    where merged_into is null;

alter table sessions add column venue_key text;
create index sessions_unkeyed on sessions (code) where venue_name is not null and venue_key is null;

alter table registrations add column institution_key text;
create index registrations_unkeyed on registrations (id)
    where institution_typed is not null and institution_key is null;
drop index registrations_by_typed_institution;
create index registrations_by_typed_institution on registrations (institution_key)
    where institution is null and institution_typed is not null;

-- Whoever came without a booking counts for an institution that is on the list, and is a person like
-- others. The key of a name tells whether she walked in on several days.
alter table walk_ins add column institution_code text references institutions (code);
alter table walk_ins add column name_key text;
alter table walk_ins add column person blob references people (id);
create index walk_ins_unkeyed on walk_ins (id) where name_key is null;
create index walk_ins_unknown on walk_ins (id) where person is null and removed_at is null;
create index walk_ins_by_person on walk_ins (person) where person is not null;
create index walk_ins_by_institution on walk_ins (institution_code) where institution_code is not null;

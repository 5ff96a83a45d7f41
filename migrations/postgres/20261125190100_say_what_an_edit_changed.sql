-- Several people edit one record: `version` rises with each edit and is where an edit locks the row.
alter table alliances add column version integer not null default 0;
alter table institutions add column version integer not null default 0;
alter table courses add column version integer not null default 0;
alter table staff add column version integer not null default 0;
alter table people add column version integer not null default 0;

-- The log says which record an event is about, where it is about none of the others, and what changed
-- from what to what, as JSON: [{"key", "field", "from", "to"}], without from and to where the log may
-- say only that it changed.
alter table audit_events add column about text;
alter table audit_events add column changes text;
create index audit_by_about on audit_events (about, at) where about is not null;

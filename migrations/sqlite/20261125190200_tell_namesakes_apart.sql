-- Whoever named somebody said that she is somebody else than her namesake on the same session.
alter table places add column apart integer not null default 0;

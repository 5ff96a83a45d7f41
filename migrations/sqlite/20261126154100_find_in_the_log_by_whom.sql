-- An organiser's part of the log by whom, counted and sorted in an index alone.
drop index audit_by_session;
create index audit_by_session on audit_events (session, at, id, actor);

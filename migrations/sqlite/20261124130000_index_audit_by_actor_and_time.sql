-- The office reads the log by who acted and by when.
create index audit_by_actor on audit_events (actor, at);
create index audit_by_time on audit_events (at);

-- What a season makes long is not read through: a page anywhere in a list is found by its index alone,
-- and so is what the jobs look for.

-- The log, latest first, whole or by who acted.
drop index audit_by_time;
create index audit_by_time on audit_events (at, id);
drop index audit_by_actor;
create index audit_by_actor on audit_events (actor, at, id);

-- When sessions were published, for the feed of what is new.
create index audit_of_publications on audit_events (session, at) where action = 'session-published';

-- Letters that went out and those that were given up, latest first, and how many there are.
create index outbox_sent on outbox (position, id) where sent_at is not null and bounced_at is null;
create index outbox_failed on outbox (position, id)
    where failed_at is not null and sent_at is null and bounced_at is null;

-- People by name, archived ones last.
create index people_listed on people ((archived_at is not null), lower(name), id)
    where merged_into is null;

-- Whose needs are to be erased: however many people came, few stand in it.
create index places_with_needs on places (session)
    where dietary is not null or access is not null;

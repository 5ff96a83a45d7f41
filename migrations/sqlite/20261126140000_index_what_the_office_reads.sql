-- The lists of the office at a million bookings. The log by session and by time, so that an organiser's part
-- of it is counted, sorted or walked in an index alone.
drop index audit_by_session;
create index audit_by_session on audit_events (session, at, id);
drop index audit_by_time;
create index audit_by_time on audit_events (at, id, session);

-- Every letter knows its session, also those that are about a booking or a place.
update outbox set session = (select r.session from registrations r where r.id = outbox.registration)
    where session is null and registration is not null;
update outbox set session = (select p.session from places p where p.id = outbox.place)
    where session is null and place is not null;
create index outbox_sent_of_session on outbox (session, position, id)
    where sent_at is not null and bounced_at is null;
create index outbox_queued on outbox (position, id, session)
    where sent_at is null and failed_at is null and bounced_at is null;

-- How full sessions are, who came and whose people they are, without the rows of the places.
drop index places_by_session;
create index places_by_session on places (session, state, superseded, registration, id, person);
create index places_requested on places (session, changed_at, registration)
    where state = 'requested' and not superseded;
drop index registrations_by_session;
create index registrations_by_session on registrations (session, created_at, person);

-- Bookings by what was typed for an institution, whatever became of it.
create index registrations_typed on registrations (institution_key) where institution_key is not null;

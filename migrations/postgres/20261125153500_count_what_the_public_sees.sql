-- `seen_version` rises whenever something of a row changes that the public sees, so that whoever keeps
-- drawn pages can ask cheaply what changed. How full a session is stands in `occupied` and in its
-- waiting places, and is not counted here. Only the triggers write it.
alter table alliances add column seen_version integer not null default 0;
alter table courses add column seen_version integer not null default 0;
alter table staff add column seen_version integer not null default 0;
alter table sessions add column seen_version integer not null default 0;

create function count_a_seen_change() returns trigger language plpgsql as $$
begin
    new.seen_version := old.seen_version + 1;
    return new;
end;
$$;

create trigger alliances_seen before update of name, time_zone, contact_email on alliances
for each row execute function count_a_seen_change();

create trigger courses_seen before update of title, summary, campaign, learning_minutes,
    default_capacity, needs_guardian, archived_at on courses
for each row execute function count_a_seen_change();

create trigger staff_seen before update of name on staff
for each row execute function count_a_seen_change();

create trigger sessions_seen before update of course, alliance, venue_name, venue_address,
    online_room, access, capacity, places_per_institution, places_per_booking, mode, booking_opens,
    booking_closes, waiting_list, changes_close, note, publication, cancelled_at, cancel_reason
    on sessions
for each row execute function count_a_seen_change();

create function count_a_seen_change_of_course() returns trigger language plpgsql as $$
begin
    update courses set seen_version = seen_version + 1 where slug = coalesce(new.course, old.course);
    return null;
end;
$$;

create trigger prerequisites_seen after insert or delete on course_prerequisites
for each row execute function count_a_seen_change_of_course();

create function count_a_seen_change_of_session() returns trigger language plpgsql as $$
begin
    update sessions set seen_version = seen_version + 1 where code = coalesce(new.session, old.session);
    return null;
end;
$$;

create trigger sittings_seen after insert or delete or update of number, starts, ends, zone,
    starts_at, ends_at, uid, sequence, created_at, changed_at on sittings
for each row execute function count_a_seen_change_of_session();

create trigger trainers_seen after insert or delete or update on session_trainers
for each row execute function count_a_seen_change_of_session();

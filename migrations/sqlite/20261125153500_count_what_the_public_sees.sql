-- `seen_version` rises whenever something of a row changes that the public sees, so that whoever keeps
-- drawn pages can ask cheaply what changed. How full a session is stands in `occupied` and in its
-- waiting places, and is not counted here. Only the triggers write it.
alter table alliances add column seen_version integer not null default 0;
alter table courses add column seen_version integer not null default 0;
alter table staff add column seen_version integer not null default 0;
alter table sessions add column seen_version integer not null default 0;

create trigger alliances_seen after update of name, time_zone, contact_email on alliances
begin
    update alliances set seen_version = seen_version + 1 where slug = new.slug;
end;

create trigger courses_seen after update of title, summary, campaign, learning_minutes,
    default_capacity, needs_guardian, archived_at on courses
begin
    update courses set seen_version = seen_version + 1 where slug = new.slug;
end;

create trigger prerequisites_seen_new after insert on course_prerequisites
begin
    update courses set seen_version = seen_version + 1 where slug = new.course;
end;

create trigger prerequisites_seen_gone after delete on course_prerequisites
begin
    update courses set seen_version = seen_version + 1 where slug = old.course;
end;

create trigger staff_seen after update of name on staff
begin
    update staff set seen_version = seen_version + 1 where login = new.login;
end;

create trigger sessions_seen after update of course, alliance, venue_name, venue_address,
    online_room, access, capacity, places_per_institution, places_per_booking, mode, booking_opens,
    booking_closes, waiting_list, changes_close, note, publication, cancelled_at, cancel_reason
    on sessions
begin
    update sessions set seen_version = seen_version + 1 where code = new.code;
end;

create trigger sittings_seen_new after insert on sittings
begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;

create trigger sittings_seen_gone after delete on sittings
begin
    update sessions set seen_version = seen_version + 1 where code = old.session;
end;

create trigger sittings_seen after update of number, starts, ends, zone, starts_at, ends_at, uid,
    sequence, created_at, changed_at on sittings
begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;

create trigger trainers_seen_new after insert on session_trainers
begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;

create trigger trainers_seen_gone after delete on session_trainers
begin
    update sessions set seen_version = seen_version + 1 where code = old.session;
end;

create trigger trainers_seen after update on session_trainers
begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;

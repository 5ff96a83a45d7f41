-- Words for the pages that anybody reads: what a course is for, how to get to a session and what to bring, what
-- each day is about, a line about whoever leads it, and what an alliance says of itself, in which colour.
-- Nothing of it stands in calendars, so no stamp of an event moves with it.
alter table courses add column for_whom text;
alter table courses add column outcomes text not null default '';
alter table sessions add column directions text;
alter table sessions add column bring text;
alter table sessions add column food text;
alter table sessions add column access_words text;
alter table sittings add column title text;
alter table sittings add column note text;
alter table staff add column about text;
alter table alliances add column about text;
alter table alliances add column colour text;

drop trigger alliances_seen on alliances;
create trigger alliances_seen before update of name, time_zone, contact_email, about, colour on alliances
for each row execute function count_a_seen_change();

drop trigger courses_seen on courses;
create trigger courses_seen before update of title, summary, campaign, learning_minutes,
    default_capacity, needs_guardian, archived_at, for_whom, outcomes on courses
for each row execute function count_a_seen_change();

drop trigger staff_seen on staff;
create trigger staff_seen before update of name, about on staff
for each row execute function count_a_seen_change();

drop trigger sessions_seen on sessions;
create trigger sessions_seen before update of course, alliance, venue_name, venue_address,
    online_room, access, capacity, places_per_institution, places_per_booking, mode, booking_opens,
    booking_closes, waiting_list, changes_close, note, publication, cancelled_at, cancel_reason,
    directions, bring, food, access_words
    on sessions
for each row execute function count_a_seen_change();

drop trigger sittings_seen on sittings;
create trigger sittings_seen after insert or delete or update of number, starts, ends, zone,
    starts_at, ends_at, uid, sequence, created_at, changed_at, title, note on sittings
for each row execute function count_a_seen_change_of_session();

-- The alliances of whoever leads a session stand on its page.
create function count_a_seen_change_of_staff() returns trigger language plpgsql as $$
begin
    update staff set seen_version = seen_version + 1 where login = coalesce(new.login, old.login);
    return null;
end;
$$;

create trigger staff_alliances_seen after insert or delete on staff_alliances
for each row execute function count_a_seen_change_of_staff();

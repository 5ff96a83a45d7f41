-- A day of a session may be held elsewhere than the others: at a venue of the list, or at a place that was typed.
alter table sittings add column place_name text;
alter table sittings add column place_address text;
alter table sittings add column place_venue_id text references venues (id);
alter table removed_days add column place_name text;
alter table removed_days add column place_address text;
alter table removed_days add column place_venue_id text references venues (id);

drop trigger sittings_seen;
create trigger sittings_seen after update of number, starts, ends, zone, starts_at, ends_at, uid,
    sequence, created_at, changed_at, title, note, place_name, place_address on sittings
begin
    update sessions set seen_version = seen_version + 1 where code = new.session;
end;

-- What was seen at the door outranks what the end of the day made of nobody's word, whichever came last.
-- `presence` is what counts; `observed_at` and `observed_by` are of the latest observation, which a
-- default leaves as they are, and `received_at` is when it reached us.
alter table attendances add column basis text not null default 'seen'
    check (basis in ('seen', 'closing', 'correction'));
alter table attendances add column observed_at text;
alter table attendances add column observed_by text;
alter table attendances add column received_at text;
-- Whether it reached us when the day was closed already; closing it again takes note of it.
alter table attendances add column arrived_late integer not null default 0;
alter table walk_ins add column arrived_late integer not null default 0;
-- Until now nothing but the end of a day made anybody absent.
update attendances set basis = 'closing' where presence = 'absent';
update attendances set observed_at = marked_at, observed_by = marked_by where presence <> 'absent';

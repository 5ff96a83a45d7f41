-- A series: evenings of one course and alliance that can be booked as one. What its sessions are of stands in
-- themselves, so that the two never disagree.
create table series (
    id text primary key not null,
    title text,
    booked text not null check (booked in ('any', 'whole'))
);
alter table sessions add column series_id text references series (id);
create index sessions_by_series on sessions (series_id);

-- The bookings that one leader made of several evenings at once share a key; the lead is the one whose link she has.
alter table registrations add column series_booking uuid;
alter table registrations add column series_choice text check (series_choice in ('every', 'room'));
create index registrations_by_series_booking on registrations (series_booking);

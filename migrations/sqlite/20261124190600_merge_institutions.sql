-- Which institution this one became part of: its bookings, people and pledges are there.
alter table institutions add column merged_into text references institutions (code);
-- Names that leaders typed since they did not find theirs on the list, by name.
create index registrations_by_typed_institution on registrations (lower(institution_typed))
    where institution is null and institution_typed is not null;

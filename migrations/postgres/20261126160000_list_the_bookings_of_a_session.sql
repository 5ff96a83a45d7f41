-- An organiser's bookings, latest first, found through her sessions in an index alone.
create index registrations_latest_of_session on registrations (session, booked_at, id)
    where booked_at is not null and erased_at is null;

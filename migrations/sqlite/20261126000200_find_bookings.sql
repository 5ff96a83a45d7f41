-- The bookings that came in last, whichever session they are for.
create index registrations_latest on registrations (booked_at desc, id)
    where booked_at is not null and erased_at is null;

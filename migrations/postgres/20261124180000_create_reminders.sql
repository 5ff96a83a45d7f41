-- A reminder that was sent: for a place, a day of its session, and how many days before.
create table reminders (
    place uuid not null references places (id),
    sitting uuid not null references sittings (id),
    days_before integer not null check (days_before > 0),
    sent_at timestamptz not null,
    primary key (place, sitting, days_before)
);

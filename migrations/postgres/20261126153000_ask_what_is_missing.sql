-- Whom an organiser asked to answer what is missing, and when last: the leader of a booking, or whoever has a place.
create table answers_asked (
    registration uuid not null references registrations (id) on delete cascade,
    place uuid references places (id) on delete cascade,
    session text not null references sessions (code) on delete cascade,
    asked_at timestamptz not null
);
create unique index answers_asked_of_bookings on answers_asked (registration) where place is null;
create unique index answers_asked_of_places on answers_asked (place) where place is not null;
create index answers_asked_by_registration on answers_asked (registration);
create index answers_asked_by_session on answers_asked (session);

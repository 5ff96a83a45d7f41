-- The places of a booking in any state; the unique index leaves out those that ran out.
create index places_of_registration on places (registration);

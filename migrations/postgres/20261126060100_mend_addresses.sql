-- A letter that did not arrive and was written anew since, to an address that was put right or tried again.
alter table outbox add column mended_at timestamptz;
-- Every letter of a booking, and everything that happened to its places.
create index outbox_of_registration on outbox (registration) where registration is not null;
create index outbox_of_place on outbox (place) where place is not null;
create index audit_by_place on audit_events (place, at) where place is not null;
create index mailing_recipients_by_letter on mailing_recipients (letter) where letter is not null;

-- The next letter's position is found without reading all letters.
create index outbox_by_position on outbox (position);

-- How often somebody was written to lately, so that nobody floods a stranger through us.
create index outbox_by_reader on outbox (to_address, created_at);

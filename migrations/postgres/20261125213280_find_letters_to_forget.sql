-- Letters that are erased once they have left are few, and found every few seconds: by an index that nothing
-- else fits better.
drop index outbox_leaving;
create index outbox_leaving on outbox (id) where erase_when_sent;

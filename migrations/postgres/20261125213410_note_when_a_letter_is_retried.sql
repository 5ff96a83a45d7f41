-- Since when a letter is tried that somebody put back into the queue: its five days begin anew.
alter table outbox add column retried_at timestamptz;

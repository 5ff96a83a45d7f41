-- What somebody was reminded of: the day's start as it was then. A day that is moved is reminded of
-- anew. And for a letter that says "tomorrow", the day it means: its words are filled in as it leaves.
alter table reminders add column starts_at timestamptz;
update reminders set starts_at = (select t.starts_at from sittings t where t.id = reminders.sitting);

alter table outbox add column day_starts_at timestamptz;
alter table outbox add column day_zone text;

-- What waits for the next change is the news of a session, not a letter to each of its people: nothing
-- need be taken back then, and calendars are told once of what is true when it leaves.
drop index outbox_gathering;
drop index outbox_gathering_for;
drop index outbox_gathering_about;
alter table outbox drop column gathers_until;
alter table outbox drop column changes;

-- What a device at the door sent and nobody could use is kept as it was typed, for whoever closes the day.
-- A line that may be somebody who is there already waits for an answer: it has a question, and counts for
-- nothing, as a line that was taken back.
alter table walk_ins add column unread text;
alter table walk_ins add column question text;
create index walk_ins_in_question on walk_ins (sitting) where question is not null;

-- An alliance or a course that turned out to be another: its addresses lead to that one.
alter table alliances add column merged_into text references alliances (slug);
alter table courses add column merged_into text references courses (slug);

-- What the last message about an invitation said: `rendered` and `occasion` are hashes of its event, of
-- all of it and of when and where; `organizer` is who invited, which stays for the life of the UID; and
-- `asked` is the SEQUENCE that asked last, to which an answer still counts.
alter table invitations add column rendered text;
alter table invitations add column occasion text;
alter table invitations add column organizer text;
alter table invitations add column asked integer not null default 0;
update invitations set asked = sequence;

-- News that concerns what calendars say and nothing a leader must know goes to attendees alone.
alter table announcements add column to_leaders boolean not null default true;

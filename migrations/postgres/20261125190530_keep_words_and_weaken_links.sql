-- What somebody wrote to us beside an answer, for the office and the roster to read.
alter table received_mails add column words text;
create index received_mails_with_words on received_mails (place) where words is not null;

-- A link that stands in a calendar's event, which may be shared: it shows the place and changes nothing.
alter table links add column in_event boolean not null default false;

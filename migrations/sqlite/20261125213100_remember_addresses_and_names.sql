-- Where the site was when it was started last: whoever has links in her calendar is told of another address.
create table site_address (
    id integer primary key not null check (id = 1),
    url text not null
) strict;
insert into site_address (id, url) values (1, '');

-- When the feed of a course or an alliance was called otherwise: it may have no event that says so.
alter table alliances add column renamed_at text;
alter table courses add column renamed_at text;

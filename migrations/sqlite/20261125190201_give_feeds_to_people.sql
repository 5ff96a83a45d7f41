-- A calendar of one's own is the person's, whatever name and address she was booked under. Who made one
-- and was not recognised yet is found by what it was made under.
alter table private_feeds add column person blob references people (id);
update private_feeds set person = (select k.person from person_keys k
    where k.key = 'email:' || substr(private_feeds.owner, 10)) where staff is null;
create index private_feeds_by_person on private_feeds (person) where person is not null;

-- What is archived stays where it was used, and is offered no more.
alter table institutions add column archived_at text;
alter table courses add column archived_at text;

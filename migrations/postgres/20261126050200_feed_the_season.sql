-- What an organiser's calendar of the season shows: one alliance or all of hers, with drafts or without.
alter table private_feeds add column alliance text references alliances (slug);
alter table private_feeds add column drafts boolean not null default false;

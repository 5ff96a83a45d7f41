-- Whoever passes a place on, or lets an offer lapse, is not asked again before this moment.
alter table registrations add column rests_until timestamptz;

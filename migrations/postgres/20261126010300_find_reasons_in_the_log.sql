-- Reasons in people's own words stand in more lines of the log: those of whoever was moved up the waiting list,
-- and of offers that were taken back.
drop index audit_with_words;
create index audit_with_words on audit_events (session)
    where detail is not null and action in ('confirmed-out-of-turn', 'moved-up', 'offer-withdrawn');

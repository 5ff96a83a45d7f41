-- No statement is answered by these, and nothing that they refer to is ever deleted; each write paid for them
-- (src/store/checks/indexes.rs).
drop index answers_asked_by_registration;
drop index decision_days_due;
drop index interests_by_alliance;
drop index nominations_by_course;
drop index outbox_invites_queued;
drop index places_with_interpreter;
drop index session_listings_due;

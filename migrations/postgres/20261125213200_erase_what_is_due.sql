-- When the names, addresses or words of a line were removed. The line stays, and is counted.
alter table registrations add column erased_at timestamptz;
alter table places add column erased_at timestamptz;
alter table walk_ins add column erased_at timestamptz;
alter table people add column erased_at timestamptz;
alter table course_attendances add column erased_at timestamptz;
alter table outbox add column erased_at timestamptz;
alter table received_mails add column erased_at timestamptz;
alter table mailings add column erased_at timestamptz;
alter table staff add column erased_at timestamptz;

-- A letter that is still to leave although whoever it is about was erased: it is erased once it has.
alter table outbox add column erase_when_sent boolean not null default false;
create index outbox_leaving on outbox (id) where erase_when_sent and erased_at is null;

-- What is still to be erased one day, so that looking for what is due costs as much as is due.
create index registrations_unerased on registrations (session) where erased_at is null;
create index registrations_unfinished on registrations (created_at) where booked_at is null and erased_at is null;
create index registrations_with_nomination on registrations (session) where nomination is not null;
create index registrations_by_time on registrations (created_at);
create index places_expired on places (changed_at) where state = 'expired' and erased_at is null;
create index places_with_guardian on places (session)
    where guardian_name is not null or guardian_contact is not null;
create index places_with_reason on places (session) where reason is not null;
create index walk_ins_unerased on walk_ins (sitting) where erased_at is null;
create index people_unerased on people (known_since) where erased_at is null;
create index course_attendances_unerased on course_attendances (attended_on) where erased_at is null;
create index outbox_unerased on outbox (created_at) where erased_at is null;
create index received_mails_unerased on received_mails (received_at) where erased_at is null;
create index mailings_unerased on mailings (created_at) where erased_at is null;
create index feedback_with_words on feedback (given_at) where change is not null;
create index links_by_end on links (expires_at);
create index private_feeds_ended on private_feeds (token_hash) where revoked_at is not null;
create index private_feeds_of_nobody on private_feeds (created_at) where person is null and staff is null;
create index audit_with_words on audit_events (session)
    where detail is not null and action = 'confirmed-out-of-turn';

-- Names and words of people that the log kept where it promises none: addresses in what mail servers said.
update audit_events set detail = null where action = 'letter-bounced';

-- Whoever was erased is recognised by nobody's booking.
drop index places_unknown;
create index places_unknown on places (id) where person is null and name is not null and erased_at is null;
drop index registrations_unknown;
create index registrations_unknown on registrations (id) where person is null and erased_at is null;
drop index walk_ins_unknown;
create index walk_ins_unknown on walk_ins (id)
    where person is null and removed_at is null and erased_at is null;

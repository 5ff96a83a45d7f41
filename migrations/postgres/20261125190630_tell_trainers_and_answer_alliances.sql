-- Where answers to a letter go, and the session of a letter that is about no booking: to its trainers.
alter table outbox add column reply_to text;
alter table outbox add column session text references sessions (code);
create index outbox_gathering_about on outbox (session)
    where gathers_until is not null and sent_at is null and failed_at is null;

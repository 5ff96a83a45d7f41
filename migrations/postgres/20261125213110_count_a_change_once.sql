-- An event of a private feed is counted by the day's own changes and by what the invite told; what both
-- counted is kept, so that a change counts once. What was shown before stays what it was.
alter table invitations add column counted integer not null default 0;
alter table invitations add column seen_sequence integer not null default 0;
update invitations set seen_sequence = coalesce(
    (select t.sequence from sittings t where t.id = invitations.sitting),
    (select d.sequence from removed_days d where d.id = invitations.sitting),
    0);

-- What a session needs and hopes for: a least number of people, the day on which to decide, and who should come.
alter table sessions add column minimum integer check (minimum > 0);
alter table sessions add column decide_by date;
alter table sessions add column hopes text not null default '';
alter table sessions add column went_ahead_at timestamptz;
alter table sessions add column decide_told_at timestamptz;
create index sessions_to_decide on sessions (decide_by) where decide_by is not null and decide_told_at is null;
